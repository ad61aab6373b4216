package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.call.CallContext;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.policy.LivePolicies;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodClassKey;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;

/**
 * Limited methods by method and class, each bound once to its policies.
 */
final class LimitedMethods {

	private final Map<MethodClassKey, LimitedMethod> bound = new ConcurrentHashMap<>();

	private final Map<String, LimitedCalls> calls = new ConcurrentHashMap<>();

	private final Declarations declarations = new Declarations();

	private final Supplier<RateLimits> registry;

	private final Supplier<? extends CallContext> context;

	private final DeclaredPolicies policies;

	private final ClaimReader reader;

	private final Supplier<BiFunction<List<Claim>, List<Decision>, List<String>>> texts;

	LimitedMethods(Supplier<RateLimits> registry, Supplier<LivePolicies> policies,
			Supplier<? extends CallContext> context, Supplier<Expressions> expressions,
			StringValueResolver placeholders, Supplier<BiFunction<List<Claim>, List<Decision>, List<String>>> texts) {
		this.registry = registry;
		this.context = context;
		this.texts = texts;
		this.policies = new DeclaredPolicies(registry, policies, placeholders);
		this.reader = new ClaimReader(context, expressions);
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
				.forEach((declaration) -> this.policies.named(declaration, method)));
	}

	private LimitedMethod bind(Method method, Class<?> type) {
		Class<?> userType = ClassUtils.getUserClass(type);
		Method specific = Declarations.specific(method, userType);
		if (!method.equals(specific) || type != userType) {
			return of(specific, userType);
		}
		List<Declaration> declared = this.declarations.of(type).getOrDefault(specific, List.of());
		List<ClaimSource> sources = declared.stream()
			.map((each) -> this.reader.source(each, specific, type, this.policies.limiter(each, specific)))
			.toList();
		sources.forEach((source) -> this.calls.computeIfAbsent(source.policy(), (policy) -> new LimitedCalls())
			.add(specific, source.declaration().key(), source.cost()));
		if (CallStyle.of(specific.getReturnType()) instanceof PlainCall && !this.context.get().threadsMayWait()) {
			sources.forEach((source) -> requireNoWait(source.limiter().policy(), specific));
		}
		return new LimitedMethod(specific, sources, this.registry.get(), this.context.get(),
				new CallLines(specific, this.texts.get()));
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

}
