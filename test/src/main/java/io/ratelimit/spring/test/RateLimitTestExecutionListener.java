package io.ratelimit.spring.test;

import io.ratelimit.RateLimitStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestExecutionListener;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.WebApplicationContext;

/**
 * Has each test method begin with nothing counted, and switches limits off for those
 * {@linkplain WithoutRateLimits that want none}.
 */
/*
 * Test methods that run at the same time on one context would forget each other's counts
 * in the midst. So they take turns; those without limits run together.
 */
final class RateLimitTestExecutionListener implements TestExecutionListener, Ordered {

	/** After the context of the method is there. */
	private static final int ORDER = 3500;

	private static final String SLICE = "org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration";

	private static final boolean WEB = ClassUtils.isPresent("org.springframework.web.context.WebApplicationContext",
			RateLimitTestExecutionListener.class.getClassLoader());

	private static final Logger logger = LoggerFactory.getLogger(RateLimitTestExecutionListener.class);

	private static final String TESTER = RateLimitTestExecutionListener.class.getName() + ".tester";

	private static final String CLASS_TESTER = TESTER + "OfClass";

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public void prepareTestInstance(TestContext test) {
		if (test.hasApplicationContext() && isSlice(test.getTestClass())) {
			ApplicationContext context = test.getApplicationContext();
			if (WEB && context instanceof WebApplicationContext && testers(context) == 0) {
				logger.info("{} is a slice without rate limits: @AutoConfigureRateLimits brings them in",
						test.getTestClass().getName());
			}
		}
	}

	/*
	 * A context that is not there yet is not started for it: other extensions may have to
	 * begin before.
	 */
	@Override
	public void beforeTestClass(TestContext test) {
		if (isUnlimited(test.getTestClass()) && test.hasApplicationContext()
				&& testers(test.getApplicationContext()) > 0) {
			RateLimitTester tester = test.getApplicationContext().getBean(RateLimitTester.class);
			tester.beginClass();
			test.setAttribute(CLASS_TESTER, tester);
		}
	}

	@Override
	public void afterTestClass(TestContext test) {
		if (test.removeAttribute(CLASS_TESTER) instanceof RateLimitTester tester) {
			tester.endClass();
		}
	}

	@Override
	public void beforeTestMethod(TestContext test) {
		if (!test.hasApplicationContext() || testers(test.getApplicationContext()) == 0) {
			return;
		}
		RateLimitTester tester = test.getApplicationContext().getBean(RateLimitTester.class);
		boolean limited = isLimited(test);
		if (limited && !resets(test)) {
			return;
		}
		tester.begin(limited);
		test.setAttribute(TESTER, tester);
		if (limited) {
			reset(tester);
		}
	}

	@Override
	public void afterTestMethod(TestContext test) {
		if (test.removeAttribute(TESTER) instanceof RateLimitTester tester) {
			tester.end(isLimited(test));
		}
	}

	private static void reset(RateLimitTester tester) {
		try {
			tester.resetAll();
		}
		catch (RateLimitStoreException ex) {
			logger.warn("What was counted could not be forgotten before this test: {}", ex.getMessage());
		}
	}

	private static int testers(ApplicationContext context) {
		return context.getBeanNamesForType(RateLimitTester.class, false, false).length;
	}

	private static boolean isSlice(Class<?> test) {
		return MergedAnnotations.search(SearchStrategy.TYPE_HIERARCHY)
			.withEnclosingClasses((inner) -> true)
			.from(test)
			.isPresent(SLICE);
	}

	private static boolean isLimited(TestContext test) {
		return !MergedAnnotations.from(test.getTestMethod(), SearchStrategy.TYPE_HIERARCHY)
			.isPresent(WithoutRateLimits.class) && !isUnlimited(test.getTestClass());
	}

	private static boolean isUnlimited(Class<?> test) {
		return TestContextAnnotationUtils.hasAnnotation(test, WithoutRateLimits.class);
	}

	private static boolean resets(TestContext test) {
		AutoConfigureRateLimits annotation = TestContextAnnotationUtils.findMergedAnnotation(test.getTestClass(),
				AutoConfigureRateLimits.class);
		return annotation == null || annotation.reset();
	}

}
