package io.ratelimit.spring.web.servlet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.http.server.PathContainer;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The annotated handlers of Spring MVC. Loaded only where Spring MVC is there.
 */
final class MappedHandlers {

	private static final String MAPPING = "requestMappingHandlerMapping";

	private final RequestMappingHandlerMapping mapping;

	private MappedHandlers(RequestMappingHandlerMapping mapping) {
		this.mapping = mapping;
	}

	static @Nullable MappedHandlers of(ListableBeanFactory beans) {
		return (beans.containsBean(MAPPING) && beans.isTypeMatch(MAPPING, RequestMappingHandlerMapping.class))
				? new MappedHandlers(beans.getBean(MAPPING, RequestMappingHandlerMapping.class)) : null;
	}

	/**
	 * Returns the parser of path patterns, or {@code null} if paths are matched in
	 * another way.
	 */
	@Nullable PathPatternParser parser() {
		return this.mapping.getPatternParser();
	}

	/**
	 * Returns whether the pattern of a handler begins with a path.
	 */
	boolean beginWith(String path) {
		return this.mapping.getHandlerMethods()
			.keySet()
			.stream()
			.flatMap((info) -> info.getPatternValues().stream())
			.anyMatch((pattern) -> pattern.equals(path) || pattern.startsWith(path + "/"));
	}

	/**
	 * Returns the handlers of a method and path that have the most specific pattern.
	 */
	Map<String, List<HandlerMethod>> of(String method, PathContainer path) {
		SortedMap<PathPattern, List<HandlerMethod>> found = new TreeMap<>();
		this.mapping.getHandlerMethods().forEach((info, handler) -> {
			PathPatternsRequestCondition patterns = info.getPathPatternsCondition();
			if (patterns != null && takes(info.getMethodsCondition().getMethods(), method)) {
				patterns.getPatterns()
					.stream()
					.filter((pattern) -> pattern.matches(path))
					.forEach((pattern) -> found.computeIfAbsent(pattern, (key) -> new ArrayList<>(1)).add(handler));
			}
		});
		return found.isEmpty() ? Map.of()
				: Map.of(found.firstKey().getPatternString(), List.copyOf(found.get(found.firstKey())));
	}

	/**
	 * Returns whether a handler takes requests of a method. One that names no methods
	 * takes all but OPTIONS, which Spring MVC answers by itself.
	 */
	private static boolean takes(Set<RequestMethod> methods, String method) {
		if (methods.isEmpty()) {
			return !method.equals(RequestMethod.OPTIONS.name());
		}
		return methods.stream()
			.anyMatch((each) -> each.name().equals(method)
					|| (each == RequestMethod.GET && method.equals(RequestMethod.HEAD.name())));
	}

	/**
	 * Calls back for each pattern of the application's own handlers.
	 * @param action takes the pattern and the methods, none if the handler takes all
	 */
	void forEach(BiConsumer<String, Set<String>> action) {
		this.mapping.getHandlerMethods().forEach((info, handler) -> {
			PathPatternsRequestCondition patterns = info.getPathPatternsCondition();
			if (patterns != null && !handler.getBeanType().getName().startsWith("org.springframework.")) {
				Set<String> methods = info.getMethodsCondition()
					.getMethods()
					.stream()
					.map(Enum::name)
					.collect(Collectors.toSet());
				patterns.getPatternValues().forEach((pattern) -> action.accept(pattern, methods));
			}
		});
	}

}
