package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.aopalliance.aop.Advice;

import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.interceptor.AsyncExecutionInterceptor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;

/**
 * Moves a limit outside of asynchronous advice, so that a refusal is thrown to the
 * caller, and outside of retrying advice, so that a refusal is not retried.
 */
/*
 * Spring's post-processors for these put their advice in front of all other, whatever the
 * order says. Methods without such advice keep the order that they have.
 */
final class AdviceOrder {

	private static final String RETRY = "org.springframework.resilience.retry.AbstractRetryInterceptor";

	private AdviceOrder() {
	}

	/**
	 * Arranges the advice of a bean.
	 * @param bean the bean, which may be a proxy
	 * @param advisor the advisor of limits
	 */
	static void arrange(Object bean, RateLimitedAdvisor advisor) {
		if (!(bean instanceof Advised proxy) || proxy.isFrozen() || proxy.indexOf(advisor) < 0) {
			return;
		}
		int place = proxy.indexOf(advisor);
		List<Advisor> around = Arrays.asList(proxy.getAdvisors()).subList(0, place);
		List<PointcutAdvisor> handing = around.stream()
			.filter((each) -> each instanceof PointcutAdvisor && handsOn(each.getAdvice()))
			.map(PointcutAdvisor.class::cast)
			.toList();
		if (!handing.isEmpty()) {
			int outermost = around.indexOf(handing.get(0));
			proxy.removeAdvisor(place);
			proxy.addAdvisor(place, split(advisor, handing, false));
			proxy.addAdvisor(outermost, split(advisor, handing, true));
		}
	}

	private static boolean handsOn(Advice advice) {
		return advice instanceof AsyncExecutionInterceptor
				|| Stream.<Class<?>>iterate(advice.getClass(), (each) -> each != null, Class::getSuperclass)
					.anyMatch((each) -> each.getName().equals(RETRY));
	}

	private static Advisor split(RateLimitedAdvisor advisor, List<PointcutAdvisor> handing, boolean handedOn) {
		Pointcut limited = advisor.getPointcut();
		return new DefaultPointcutAdvisor(new StaticMethodMatcherPointcut() {

			@Override
			public boolean matches(Method method, Class<?> targetClass) {
				return matches(limited, method, targetClass) && handing.stream()
					.anyMatch((each) -> matches(each.getPointcut(), method, targetClass)) == handedOn;
			}

			private static boolean matches(Pointcut pointcut, Method method, Class<?> targetClass) {
				return pointcut.getClassFilter().matches(targetClass)
						&& pointcut.getMethodMatcher().matches(method, targetClass);
			}

		}, advisor.getAdvice());
	}

}
