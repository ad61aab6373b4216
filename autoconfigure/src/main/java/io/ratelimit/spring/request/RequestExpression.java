package io.ratelimit.spring.request;

import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import io.ratelimit.spring.expression.CompiledExpression;
import io.ratelimit.spring.expression.Expressions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.expression.EvaluationException;
import org.springframework.expression.spel.SpelEvaluationException;

/**
 * An expression over a request: {@code #request}, which is the request of the server,
 * {@code #principal}, {@code #ip} and {@code #path}, the variables of the pattern that
 * matched.
 */
final class RequestExpression {

	private static final Logger logger = LoggerFactory.getLogger(RequestRules.class);

	private static final List<String> NAMES = List.of("request", "principal", "ip", "path");

	private final CompiledExpression expression;

	private final String purpose;

	private final Class<?> requestType;

	private final boolean request;

	private final boolean principal;

	private final boolean ip;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Compiles an expression.
	 * @param purpose what it is for, as messages say it
	 * @param requestType type of the server's request
	 */
	RequestExpression(String text, String purpose, Expressions expressions, Class<?> requestType) {
		this.purpose = purpose;
		this.expression = expressions.compile(text, NAMES,
				List.of(requestType, Principal.class, String.class, Map.class));
		this.requestType = requestType;
		this.request = this.expression.variables().contains("request");
		this.principal = this.expression.variables().contains("principal");
		this.ip = this.expression.variables().contains("ip");
	}

	/**
	 * Evaluates the expression as a key.
	 * @return its value; {@code null} also if it failed, which is logged once
	 */
	@Nullable Object evaluate(LimitedRequest request, Map<String, String> variables) {
		try {
			return this.expression.evaluate(values(request, variables));
		}
		catch (RuntimeException ex) {
			failed(ex, "such requests count as those without a key (missing-key)");
			return null;
		}
	}

	/**
	 * Evaluates the expression as a number of permits, rounded up.
	 * @return the permits; 1 also if it failed or yields no such number, which is logged
	 * once
	 */
	long permits(LimitedRequest request, Map<String, String> variables) {
		try {
			return this.expression.permits(values(request, variables));
		}
		catch (RuntimeException ex) {
			failed(ex, "the request takes one permit");
			return 1;
		}
	}

	/**
	 * Returns the permits that every request takes; {@code null} if they depend on it.
	 * @throws IllegalArgumentException if the expression can yield no such number
	 */
	@Nullable Long constantPermits() {
		return this.expression.constantPermits();
	}

	private @Nullable Object[] values(LimitedRequest request, Map<String, String> variables) {
		return new Object[] { this.request ? request.unwrap(this.requestType) : null,
				this.principal ? request.principal() : null, this.ip ? request.clientAddress() : null, variables };
	}

	private void failed(RuntimeException failure, String consequence) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("{} '{}' fails ({}), and {}; this is logged once", this.purpose, this.expression.text(),
					reason(failure), consequence);
			logger.debug("The expression '{}' fails", this.expression.text(), failure);
		}
	}

	/**
	 * Returns why an expression fails, without a value that a client has sent.
	 */
	private static @Nullable String reason(RuntimeException failure) {
		if (failure instanceof SpelEvaluationException spel) {
			return spel.getMessageCode().name().toLowerCase(Locale.ROOT).replace('_', ' ');
		}
		return (failure.getClass() == EvaluationException.class) ? failure.getMessage()
				: failure.getClass().getSimpleName();
	}

	/**
	 * Returns whether the expression says anything about the request.
	 */
	boolean needsRequest() {
		return !this.expression.variables().isEmpty();
	}

	boolean needsPrincipal() {
		String text = this.expression.text();
		return this.principal || text.contains("serPrincipal") || text.contains("emoteUser")
				|| text.contains("UserInRole");
	}

}
