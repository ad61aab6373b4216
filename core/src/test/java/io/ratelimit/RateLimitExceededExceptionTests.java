package io.ratelimit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RateLimitExceededExceptionTests {

	@Test
	void decisionsAreThereAfterSerialization() throws Exception {
		Policy policy = Policy.of("api",
				List.of(Limit.valueOf("10/1s"),
						FixedWindow.of(1000, new CalendarWindow(CalendarWindow.Unit.MONTH, ZoneId.of("Europe/Berlin"))),
						LeakyBucket.of(2, Duration.ofSeconds(1), Duration.ofSeconds(5)).withName("slow"),
						TokenBucket.of(3, Duration.ofMinutes(1), 5)))
			.withMode(Mode.ENFORCE);
		Decision next = Decision.denied(policy, policy.limits().get(1), 0, 9, 9, null);
		Decision denied = Decision.denied(policy, policy.limits().get(0), 0, 7, 8, next);
		RateLimitExceededException thrown = new RateLimitExceededException(
				List.of(Decision.allowed(policy, policy.limits().get(2), 1, 0, 0), denied));
		RateLimitExceededException read = copy(thrown);
		assertThat(read.decisions()).isEqualTo(thrown.decisions());
		assertThat(read.decision()).isEqualTo(denied);
		assertThat(read).hasMessage(thrown.getMessage());
	}

	private static RateLimitExceededException copy(RateLimitExceededException thrown)
			throws IOException, ClassNotFoundException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
			out.writeObject(thrown);
		}
		try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
			return (RateLimitExceededException) in.readObject();
		}
	}

}
