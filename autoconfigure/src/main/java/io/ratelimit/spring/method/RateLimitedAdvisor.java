package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.call.CallContext;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.policy.LivePolicies;
import org.aopalliance.aop.Advice;

import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.core.Ordered;
import org.springframework.util.StringValueResolver;

/**
 * Advice around the methods that {@link io.ratelimit.annotation.RateLimited} stands for.
 * Belongs into an infrastructure bean, beside {@link RateLimitedChecks}. What it works
 * with is fetched when the first method is bound, not before.
 */
final class RateLimitedAdvisor implements PointcutAdvisor, Ordered, MethodAdvice {

	/**
	 * Order unless set: outside of transactions, caching and the like, inside of method
	 * security.
	 */
	static final int DEFAULT_ORDER = Ordered.LOWEST_PRECEDENCE - 1000;

	private final LimitedMethods methods;

	private final Pointcut pointcut;

	private final RateLimitedInterceptor advice;

	private int order = DEFAULT_ORDER;

	/**
	 * Creates an advisor.
	 * @param registry the limiters of the policies
	 * @param policies the policies
	 * @param context what surrounds a call
	 * @param expressions the parser of keys and costs
	 * @param placeholders resolves placeholders in limits, and throws
	 * {@link IllegalArgumentException} where it cannot
	 * @param texts what the log says of decisions
	 */
	RateLimitedAdvisor(Supplier<RateLimits> registry, Supplier<LivePolicies> policies,
			Supplier<? extends CallContext> context, Supplier<Expressions> expressions,
			StringValueResolver placeholders, Supplier<BiFunction<List<Claim>, List<Decision>, List<String>>> texts) {
		this.methods = new LimitedMethods(registry, policies, context, expressions, placeholders, texts);
		this.pointcut = new LimitedPointcut(this.methods.declarations());
		this.advice = new RateLimitedInterceptor(this.methods);
	}

	@Override
	public Pointcut getPointcut() {
		return this.pointcut;
	}

	@Override
	public Advice getAdvice() {
		return this.advice;
	}

	@Override
	public int getOrder() {
		return this.order;
	}

	/**
	 * Sets the order among the advice of a method; the lowest is outermost.
	 * @param order the order
	 */
	void setOrder(int order) {
		this.order = order;
	}

	/**
	 * Returns whether a proxy takes permits itself, whatever it is a proxy of.
	 */
	boolean advises(Advised proxy) {
		return this.advice.isOf(proxy);
	}

	@Override
	public AdviceMode mode() {
		return AdviceMode.PROXY;
	}

	@Override
	public LimitedMethods methods() {
		return this.methods;
	}

	@Override
	public BeanChecks checks(ConfigurableListableBeanFactory beans) {
		return new RateLimitedChecks(this, beans);
	}

	private static final class LimitedPointcut extends StaticMethodMatcherPointcut {

		private final Declarations declarations;

		private LimitedPointcut(Declarations declarations) {
			this.declarations = declarations;
			setClassFilter((type) -> !declarations.of(type).isEmpty());
		}

		@Override
		public boolean matches(Method method, Class<?> targetClass) {
			return this.declarations.of(targetClass).containsKey(Declarations.specific(method, targetClass));
		}

	}

}
