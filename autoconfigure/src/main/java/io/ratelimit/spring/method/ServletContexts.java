package io.ratelimit.spring.method;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.FrameworkServlet;

/**
 * Limits annotated methods of the contexts that servlets of Spring MVC have for
 * themselves.
 */
final class ServletContexts implements BeanPostProcessor {

	private final Supplier<OtherContexts> contexts;

	ServletContexts(Supplier<OtherContexts> contexts) {
		this.contexts = contexts;
	}

	@Override
	public @Nullable Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof FrameworkServlet servlet) {
			prepare(servlet);
		}
		else if (bean instanceof ServletRegistrationBean<?> registration
				&& registration.getServlet() instanceof FrameworkServlet servlet) {
			prepare(servlet);
		}
		return bean;
	}

	private void prepare(FrameworkServlet servlet) {
		WebApplicationContext context = servlet.getWebApplicationContext();
		if (context instanceof ConfigurableApplicationContext configurable && configurable.isActive()) {
			this.contexts.get().requireAdvice(context);
		}
		else {
			servlet.setContextInitializers(new InheritedAdvice());
		}
	}

}
