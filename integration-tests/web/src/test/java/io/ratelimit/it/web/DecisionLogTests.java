package io.ratelimit.it.web;

import java.util.List;
import java.util.stream.Stream;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the logger {@code ratelimit.decisions} says at level DEBUG.
 */
@ExtendWith(OutputCaptureExtension.class)
class DecisionLogTests {

	private static final String SECRET = "a-secret-key";

	private static final String[] TWO = { "api.limits=2/1h", "api.paths=/api/**", "api.key=header:X-Key",
			"wide.limits=9/1h", "wide.paths=/**" };

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void aLineForEachDecisionSaysWhatMatchedAndWhoRefused(CapturedOutput output) {
		start("debug", false, TWO);
		this.application.statuses(3, "/api/hello", "X-Key", SECRET);
		List<String> lines = lines(output);
		assertThat(lines).hasSize(6);
		assertThat(lines.get(0)).contains("DEBUG")
			.containsPattern("request=\"GET /api/hello\" allowed policy=api limit=\"2/1h\" permits=1 remaining=1 "
					+ "id=[0-9a-f]{12}$");
		assertThat(lines.get(1))
			.contains("request=\"GET /api/hello\" allowed policy=wide limit=\"9/1h\" permits=1 remaining=8 id=");
		assertThat(lines.get(4)).contains(
				"request=\"GET /api/hello\" denied policy=api limit=\"2/1h\" permits=1 remaining=0 retry-after=3600.000 id=");
		assertThat(lines.get(5))
			.contains("request=\"GET /api/hello\" not-taken policy=wide limit=\"9/1h\" permits=1 remaining=7 id=");
		assertThat(output.getAll()).doesNotContain(SECRET);
	}

	@Test
	void aKeyIsWrittenWhereThatIsConfigured(CapturedOutput output) {
		start("debug", true, "api.limits=2/1h", "api.paths=/api/**", "api.key=param:user");
		this.application.get("/api/hello?user=a%22%0d%0ab");
		assertThat(lines(output)).singleElement().asString().endsWith("key=\"a\\\"\\u000d\\u000ab\"");
	}

	@Test
	void aRequestThatMatchesNoPolicyHasALine(CapturedOutput output) {
		start("debug", false, "api.limits=2/1h", "api.paths=/elsewhere");
		this.application.get("/api/hello?x=1");
		assertThat(lines(output)).singleElement()
			.asString()
			.endsWith("request=\"GET /api/hello\" unguarded: no policy guards such a path and method");
	}

	@Test
	void soHasOneWhereNoPolicyHasPaths(CapturedOutput output) {
		start("debug", false);
		this.application.get("/api/hello");
		assertThat(lines(output)).singleElement().asString().contains("unguarded");
	}

	@Test
	void aRequestThatAPolicyGuardsAndDoesNotCountHasALine(CapturedOutput output) {
		start("debug", false, "api.limits=2/1h", "api.paths=/api/**", "api.key=header:X-Key", "api.missing-key=skip",
				"free.limits=2/1h", "free.paths=/api/**", "free.cost=#request.method == 'GET' ? 0 : 1");
		this.application.get("/api/hello");
		assertThat(lines(output)).hasSize(2)
			.anySatisfy((line) -> assertThat(line)
				.endsWith("not-counted policy=api: it does not have the key, and missing-key is skip"))
			.anySatisfy((line) -> assertThat(line).endsWith("not-counted policy=free: it costs nothing"));
	}

	@Test
	void aRequestThatIsRefusedForWantOfAKeyHasALine(CapturedOutput output) {
		start("debug", false, "strict.limits=2/1h", "strict.paths=/api/**", "strict.key=header:X-Key",
				"strict.missing-key=deny");
		this.application.get("/api/hello");
		assertThat(lines(output)).singleElement()
			.asString()
			.endsWith("denied policy=strict limit=\"2/1h\" permits=1 remaining=0 retry-after=never without a key");
	}

	@Test
	void aCallOfAnAnnotatedMethodIsNamed(CapturedOutput output) {
		start("debug", false, "exports.limits=1/1h", "report.limits=5/1h", "report.paths=/report");
		this.application.statuses(2, "/export");
		this.application.get("/report");
		String call = "call=\"" + Limited.class.getName().replace('$', '.') + ".";
		assertThat(lines(output).stream().map((line) -> line.replace('$', '.')).toList())
			.anySatisfy((line) -> assertThat(line)
				.contains(call + "export()\" allowed policy=exports limit=\"1/1h\" permits=1 remaining=0 id="))
			.anySatisfy((line) -> assertThat(line).contains(call + "export()\" denied policy=exports"))
			.anySatisfy(
					(line) -> assertThat(line).endsWith(call + "report()\" not-counted: its request has paid for it"));
	}

	@Test
	void nothingIsWrittenUnlessDebugIsOn(CapturedOutput output) {
		start("info", true, TWO);
		this.application.statuses(3, "/api/hello", "X-Key", SECRET);
		assertThat(lines(output)).isEmpty();
		assertThat(output.getAll()).doesNotContain(SECRET);
	}

	private static List<String> lines(CapturedOutput output) {
		return output.getOut().lines().filter((line) -> line.contains("ratelimit.decisions")).toList();
	}

	private void start(String level, boolean keys, String... properties) {
		String[] all = Stream.concat(
				Stream.of("logging.level.ratelimit.decisions=" + level, "ratelimit.log.keys=" + keys,
						"ratelimit.policies.exports.limits=1/1h", "ratelimit.policies.report.limits=5/1h"),
				Stream.of(properties).map((property) -> "ratelimit.policies." + property))
			.toArray(String[]::new);
		this.application = Application.start(Shop.class, all);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Limited.class)
	static class Shop {

	}

	@RestController
	static class Limited {

		@RequestMapping("/api/**")
		String hello() {
			return "Hello";
		}

		@GetMapping("/export")
		@RateLimited("exports")
		public String export() {
			return "Exported";
		}

		@GetMapping("/report")
		@RateLimited("report")
		public String report() {
			return "Reported";
		}

	}

}
