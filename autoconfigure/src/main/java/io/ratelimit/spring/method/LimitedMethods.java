package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.method.CallContext.CallKey;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.MethodClassKey;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;

/**
 * Limited methods by method and class, each bound once to its policies.
 */
final class LimitedMethods {

	private static final Logger logger = LoggerFactory.getLogger(RateLimitedAdvisor.class);

	private static final String LIMIT_ACTION = "Write <permits>/<window>, as in 100/1m or 10/s, several separated by "
			+ "commas; placeholders are possible";

	private static final String EXPRESSION_ACTION = "Use the names of the method's parameters, or #a0, #a1 and so on "
			+ "for the first, the second and so on";

	private final Map<MethodClassKey, LimitedMethod> bound = new ConcurrentHashMap<>();

	private final Map<String, LimitedCalls> calls = new ConcurrentHashMap<>();

	private final Declarations declarations = new Declarations();

	private final InPlacePolicies inPlace = new InPlacePolicies();

	private final Supplier<RateLimits> registry;

	private final Supplier<? extends CallContext> context;

	private final Supplier<Expressions> expressions;

	private final StringValueResolver placeholders;

	LimitedMethods(Supplier<RateLimits> registry, Supplier<? extends CallContext> context,
			Supplier<Expressions> expressions, StringValueResolver placeholders) {
		this.registry = registry;
		this.context = context;
		this.expressions = expressions;
		this.placeholders = placeholders;
	}

	Declarations declarations() {
		return this.declarations;
	}

	/**
	 * Returns the calls that a policy limits, or {@code null} if there are none.
	 */
	@Nullable LimitedCalls calls(String policy) {
		return this.calls.get(policy);
	}

	/**
	 * Returns what is known of a method.
	 * @param method the method as it was called
	 * @param type the class of the object that it was called on
	 */
	LimitedMethod of(Method method, Class<?> type) {
		MethodClassKey called = new MethodClassKey(method, type);
		LimitedMethod known = this.bound.get(called);
		if (known == null) {
			known = bind(method, type);
			this.bound.put(called, known);
		}
		return known;
	}

	/**
	 * Binds the methods of a class.
	 * @throws InvalidRateLimitException if that is not possible
	 */
	void bind(Class<?> type) {
		this.declarations.of(type).keySet().forEach((method) -> of(method, ClassUtils.getUserClass(type)));
	}

	/**
	 * Requires the policies that the methods of a class name, where no more can be known
	 * of the class that will be called.
	 * @throws InvalidRateLimitException if there is none of a name
	 */
	void requirePolicies(Class<?> type) {
		this.declarations.of(type)
			.forEach((method, declared) -> declared.stream()
				.filter((declaration) -> declaration.limits().isEmpty())
				.forEach((declaration) -> named(declaration, method, this.registry.get())));
	}

	private LimitedMethod bind(Method method, Class<?> type) {
		Class<?> userType = ClassUtils.getUserClass(type);
		Method specific = Declarations.specific(method, userType);
		if (!method.equals(specific) || type != userType) {
			return of(specific, userType);
		}
		List<Declaration> declared = this.declarations.of(type).getOrDefault(specific, List.of());
		RateLimits registry = this.registry.get();
		List<ClaimSource> sources = declared.stream().map((each) -> bind(each, specific, type, registry)).toList();
		sources.forEach((source) -> this.calls.computeIfAbsent(source.policy(), (policy) -> new LimitedCalls())
			.add(specific, source.cost()));
		if (CallStyle.of(specific.getReturnType()) instanceof PlainCall && !this.context.get().threadsMayWait()) {
			sources.forEach((source) -> requireNoWait(source.limiter().policy(), specific));
		}
		return new LimitedMethod(specific, sources, registry, this.context.get());
	}

	private static void requireNoWait(Policy policy, Method method) {
		for (Limit limit : policy.limits()) {
			if (limit instanceof LeakyBucket bucket && !bucket.maxWait().isZero()) {
				throw Declaration.invalid(method,
						"policy '%s' is %s, which delays calls, and a delay would hold a thread that serves many requests"
							.formatted(policy.name(), limit),
						"Return a Mono, a Flux or a CompletionStage, whose calls wait without a thread; or use another "
								+ "algorithm, or a max-wait of 0s");
			}
		}
	}

	private ClaimSource bind(Declaration declaration, Method method, Class<?> type, RateLimits registry) {
		Limiter limiter = declaration.limits().isEmpty() ? named(declaration, method, registry)
				: inPlace(declaration, registry);
		return new ClaimSource(declaration, declaration.isInheritedBy(type), limiter,
				key(declaration, method, limiter.policy().name()), cost(declaration, method, limiter));
	}

	private static Limiter named(Declaration declaration, Method method, RateLimits registry) {
		try {
			return registry.limiter(declaration.policy());
		}
		catch (IllegalArgumentException ex) {
			throw Declaration.invalid(method,
					"@RateLimited(\"%s\"): %s".formatted(declaration.policy(), ex.getMessage()),
					unknownAction(declaration.policy(), registry.policies().keySet()), ex);
		}
	}

	private static String unknownAction(String policy, Set<String> known) {
		try {
			return "Write it as limits = \"%s\", since a value alone names a policy".formatted(Limit.valueOf(policy));
		}
		catch (IllegalArgumentException ex) {
			String folded = folded(policy);
			return known.stream()
				.filter((name) -> !folded.isEmpty() && folded(name).equals(folded))
				.findFirst()
				.map("Did you mean \"%s\"? Write the name as the configuration has it"::formatted)
				.orElse("Correct the name, or add ratelimit.policies.%s to the configuration".formatted(policy));
		}
	}

	private static String folded(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
	}

	private Limiter inPlace(Declaration declaration, RateLimits registry) {
		try {
			return this.inPlace.limiter(declaration, limits(declaration), registry, this.context.get());
		}
		catch (IllegalArgumentException ex) {
			throw invalidLimit(declaration, ex);
		}
	}

	private List<Limit> limits(Declaration declaration) {
		String text = this.placeholders.resolveStringValue(declaration.limits());
		return Limit.valuesOf((text != null) ? text : "");
	}

	private static InvalidRateLimitException invalidLimit(Declaration declaration, IllegalArgumentException cause) {
		return declaration.invalid("limits = \"%s\": %s".formatted(declaration.limits(), cause.getMessage()),
				LIMIT_ACTION, cause);
	}

	/**
	 * Reads the limits that annotations state in place again.
	 * @param policies makes the policy of a name with its limits
	 * @return run to put those that have changed in force
	 * @throws InvalidRateLimitException if one of them cannot be used
	 */
	Runnable readInPlace(BiFunction<String, List<Limit>, Policy> policies) {
		RateLimits registry = this.registry.get();
		Map<Declaration, Policy> changed = new LinkedHashMap<>();
		this.inPlace.policies().forEach((declaration, former) -> {
			Policy policy = readAgain(declaration, former, policies, registry);
			if (!policy.equals(former)) {
				changed.put(declaration, policy);
			}
		});
		return () -> changed.forEach((declaration, policy) -> {
			this.inPlace.replace(declaration, policy, registry);
			logger.info("Policy '{}' is now {}, as {} says", policy.name(),
					policy.limits().stream().map(Limit::toString).toList(), Declaration.nameOf(declaration.element()));
		});
	}

	private Policy readAgain(Declaration declaration, Policy former, BiFunction<String, List<Limit>, Policy> policies,
			RateLimits registry) {
		try {
			Policy policy = policies.apply(former.name(), limits(declaration));
			registry.check(policy);
			LimitedCalls calls = calls(policy.name());
			if (calls != null && calls.cost() > policy.capacity()) {
				throw new IllegalArgumentException("%s can never be enough: a call of %s takes %s permits"
					.formatted(policy.limits(), calls.methods(), calls.cost()));
			}
			return policy;
		}
		catch (IllegalArgumentException ex) {
			throw invalidLimit(declaration, ex);
		}
	}

	private MethodKey key(Declaration declaration, Method method, String policy) {
		String key = declaration.key();
		boolean expression = key.startsWith("#");
		try {
			CallContext calls = this.context.get();
			CallKey context = expression ? calls.keyWhenMissing(policy) : calls.key(policy, key.isEmpty() ? null : key);
			return new MethodKey(expression ? expression(key, declaration, method) : null, context);
		}
		catch (IllegalArgumentException ex) {
			throw Declaration
				.invalid(method, "key = \"%s\": %s".formatted(key, ex.getMessage()),
						expression ? EXPRESSION_ACTION
								: "Correct the key; what begins with # is an expression over the method's parameters",
						ex);
		}
	}

	private MethodCost cost(Declaration declaration, Method method, Limiter limiter) {
		String cost = declaration.cost();
		if (cost.isEmpty()) {
			return new MethodCost(1);
		}
		Long number = number(cost);
		if (number != null) {
			return constant(number, "cost = \"%s\"".formatted(cost), method, limiter.policy());
		}
		ArgumentExpression expression;
		try {
			expression = expression(cost, declaration, method);
		}
		catch (IllegalArgumentException ex) {
			throw Declaration.invalid(method, "cost = \"%s\": %s".formatted(cost, ex.getMessage()), EXPRESSION_ACTION,
					ex);
		}
		Long constant = constant(expression, cost, method);
		return (constant != null)
				? constant(constant, "cost = \"%s\" is %s".formatted(cost, constant), method, limiter.policy())
				: new MethodCost(expression);
	}

	private static @Nullable Long constant(ArgumentExpression expression, String cost, Method method) {
		try {
			return expression.constantPermits();
		}
		catch (IllegalArgumentException ex) {
			throw Declaration.invalid(method, "cost = \"%s\": %s".formatted(cost, ex.getMessage()),
					"Write a number, or an expression that yields one, as in #items.size()", ex);
		}
	}

	private static MethodCost constant(long permits, String written, Method method, Policy policy) {
		long capacity = policy.capacity();
		if (permits < 1 || permits > capacity) {
			throw Declaration.invalid(method, "%s: a call can take at least 1 and at most %s, as policy '%s' is %s"
				.formatted(written, capacity, policy.name(), policy.limits()),
					"Take fewer permits, or raise the limit");
		}
		return new MethodCost(permits);
	}

	private ArgumentExpression expression(String text, Declaration declaration, Method method) {
		return ArgumentExpression.compile(text, method, declaration.element(), this.expressions.get());
	}

	private static @Nullable Long number(String text) {
		if (!text.matches("[+-]?\\d+")) {
			return null;
		}
		return (text.length() <= 18) ? Long.parseLong(text) : Long.MAX_VALUE;
	}

}
