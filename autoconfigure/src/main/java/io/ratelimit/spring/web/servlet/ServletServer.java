package io.ratelimit.spring.web.servlet;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.PathReadings;
import io.ratelimit.spring.request.RequestServer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The server of a servlet application.
 */
final class ServletServer implements RequestServer, SmartInitializingSingleton {

	private static final String SECURITY_FILTER = "springSecurityFilterChain";

	private final ServletContext context;

	private final ListableBeanFactory beans;

	private final boolean authenticates;

	private final Forwarding forwarding;

	private final Predicate<LimitedRequest> preflights;

	private final Supplier<@Nullable MappedHandlers> handlers;

	private final Supplier<ManagementPaths> management;

	/**
	 * Creates the view of a server.
	 * @param authenticates whether something else than Spring Security authenticates
	 * @param management looks up where the management endpoints are
	 */
	ServletServer(ServletContext context, ListableBeanFactory beans, boolean authenticates, Forwarding forwarding,
			Supplier<ManagementPaths> management) {
		this.context = context;
		this.beans = beans;
		this.authenticates = authenticates;
		this.forwarding = forwarding;
		this.preflights = OriginSources.preflights(beans);
		this.handlers = SingletonSupplier.ofNullable(() -> MappedHandlers.of(beans));
		this.management = SingletonSupplier.of(management);
	}

	/**
	 * Marks the server of the application, so that another one can be told from it that
	 * is there for management endpoints.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		ServletPath.markOwnServer(this.context);
	}

	@Override
	public Class<?> requestType() {
		return HttpServletRequest.class;
	}

	@Override
	public boolean authenticates() {
		return this.authenticates || this.beans.containsBean(SECURITY_FILTER);
	}

	@Override
	public boolean isPreflight(LimitedRequest request) {
		return this.preflights.test(request);
	}

	@Override
	public boolean readsForwarding() {
		return this.forwarding != Forwarding.NONE;
	}

	@Override
	public @Nullable String forgeableBy() {
		return switch (this.forwarding) {
			case FRAMEWORK -> "Spring's ForwardedHeaderFilter (framework)";
			case CONTAINER -> "this server (native)";
			case NONE, TOMCAT -> null;
		};
	}

	@Override
	public String contextPath() {
		return this.context.getContextPath();
	}

	@Override
	public boolean hasHandlers() {
		return this.handlers.get() != null;
	}

	@Override
	public @Nullable PathPatternParser parser() {
		MappedHandlers handlers = this.handlers.get();
		return (handlers != null) ? handlers.parser() : null;
	}

	@Override
	public boolean handlesBelow(String path) {
		MappedHandlers handlers = this.handlers.get();
		return handlers != null && handlers.beginWith(path);
	}

	@Override
	public void forEachHandler(BiConsumer<String, Set<String>> action) {
		MappedHandlers handlers = this.handlers.get();
		if (handlers != null) {
			handlers.forEach(action);
		}
	}

	@Override
	public PathReadings readings(String path) {
		return SentPath.of(path, this.context).readings();
	}

	@Override
	public Map<String, List<HandlerMethod>> handlers(String method, String path) {
		MappedHandlers handlers = this.handlers.get();
		SentPath sent = SentPath.of(path, this.context);
		return (handlers != null && sent.spring()) ? handlers.of(method, sent.withinServlet()) : Map.of();
	}

	@Override
	public String managementBase() {
		return this.management.get().base();
	}

	@Override
	public List<String> management() {
		return this.management.get().own();
	}

	@Override
	public List<String> managementElsewhere() {
		return this.management.get().elsewhere();
	}

}
