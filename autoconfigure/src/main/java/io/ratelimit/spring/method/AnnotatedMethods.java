package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.ratelimit.Policy;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.PolicyUser;

/**
 * The methods that are limited by annotations, as users of policies. They have nothing to
 * prepare, since they hold limiters, which stay the same.
 */
final class AnnotatedMethods implements PolicyUser {

	private final MethodAdvice advice;

	AnnotatedMethods(MethodAdvice advice) {
		this.advice = advice;
	}

	@Override
	public Runnable prepare(Map<String, Policy> policies, Function<String, Guard> guards) {
		return () -> {
		};
	}

	@Override
	public List<String> calls(String policy) {
		LimitedCalls calls = this.advice.methods().calls(policy);
		return (calls != null) ? calls.methods() : List.of();
	}

	@Override
	public Map<String, String> callKeys(String policy) {
		LimitedCalls calls = this.advice.methods().calls(policy);
		return (calls != null) ? calls.keys() : Map.of();
	}

	@Override
	public List<String> limiting(Method method, Class<?> type) {
		return this.advice.methods().of(method, type).policies();
	}

	@Override
	public long permits(String policy) {
		LimitedCalls calls = this.advice.methods().calls(policy);
		return (calls != null) ? calls.cost() : 0;
	}

}
