package io.ratelimit.spring.method;

import java.util.Locale;

import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Conditions on what annotated methods are advised by.
 */
/*
 * Asked before properties are bound. What is misspelt counts as proxy here, and stops the
 * start when it is bound.
 */
final class AdviceModes {

	private AdviceModes() {
	}

	private static AdviceMode of(Environment environment) {
		String mode = environment.getProperty("ratelimit.method.mode", "");
		return mode.replaceAll("[^A-Za-z]", "").toUpperCase(Locale.ROOT).equals(AdviceMode.ASPECTJ.name())
				? AdviceMode.ASPECTJ : AdviceMode.PROXY;
	}

	/**
	 * Methods are advised by proxies.
	 */
	static final class Proxy implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return of(context.getEnvironment()) == AdviceMode.PROXY;
		}

	}

	/**
	 * Methods are advised by the aspect.
	 */
	static final class Aspect implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return of(context.getEnvironment()) == AdviceMode.ASPECTJ;
		}

	}

}
