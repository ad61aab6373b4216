package io.ratelimit.spring.web.servlet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.ratelimit.spring.web.servlet.CrossOrigin.CrossOriginSource;
import jakarta.servlet.Filter;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * What in an application grants access from other origins: filters of its own, Spring
 * Security, and Spring MVC, in the order in which a request comes by them. Looked up when
 * the first refusal asks.
 */
final class OriginSources {

	private static final boolean SPRING_SECURITY = isPresent("org.springframework.security.web.SecurityFilterChain");

	private OriginSources() {
	}

	static List<CrossOriginSource> of(ListableBeanFactory beans) {
		List<CrossOriginSource> sources = new ArrayList<>();
		Supplier<List<Filter>> filters = SingletonSupplier.of(() -> filters(beans));
		sources.add((request, answer) -> {
			for (Filter filter : filters.get()) {
				filter.doFilter(request, answer, (passed, unused) -> {
				});
			}
		});
		if (SPRING_SECURITY) {
			sources.add(Secured.source(beans));
		}
		if (isPresent("org.springframework.web.servlet.HandlerMapping")) {
			Supplier<MappedOrigins> mapped = SingletonSupplier
				.of(() -> new MappedOrigins(beans.getBeanProvider(HandlerMapping.class).orderedStream().toList()));
			sources.add((request, answer) -> mapped.get().process(request, answer));
		}
		return sources;
	}

	/**
	 * Returns what distinguishes preflights from what merely looks like one.
	 */
	static Preflights preflights(ListableBeanFactory beans) {
		return new Preflights(SPRING_SECURITY ? Secured.source(beans)::answersPreflight : (request) -> true);
	}

	private static List<Filter> filters(ListableBeanFactory beans) {
		List<Filter> filters = new ArrayList<>(beans.getBeanProvider(CorsFilter.class).orderedStream().toList());
		for (FilterRegistrationBean<?> registration : beans.getBeansOfType(FilterRegistrationBean.class).values()) {
			Filter filter = registration.getFilter();
			if (filter instanceof CorsFilter && !filters.contains(filter)) {
				filters.add(filter);
			}
		}
		return filters;
	}

	private static boolean isPresent(String type) {
		return ClassUtils.isPresent(type, OriginSources.class.getClassLoader());
	}

	/**
	 * What takes Spring Security.
	 */
	private static final class Secured {

		static SecuredOrigins source(ListableBeanFactory beans) {
			return new SecuredOrigins(() -> beans.getBeanProvider(SecurityFilterChain.class).orderedStream().toList());
		}

	}

}
