package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.stereotype.Controller;
import org.springframework.util.ReflectionUtils;

/**
 * The methods of a bean that an annotation on its type means: those that others call to
 * have something done. On a controller they are the handlers of requests. What Spring or
 * the container calls back is none of them.
 */
/*
 * Annotations are known by name where their module need not be there.
 */
final class TypeMethods {

	private static final String SPRING = "org.springframework.";

	private static final String CONTROLLER_ADVICE = "org.springframework.web.bind.annotation.ControllerAdvice";

	private static final String REPOSITORY = "org.springframework.data.repository.Repository";

	private static final Set<String> HANDLERS = Set.of("org.springframework.web.bind.annotation.RequestMapping",
			"org.springframework.web.service.annotation.HttpExchange",
			"org.springframework.messaging.handler.annotation.MessageMapping",
			"org.springframework.messaging.simp.annotation.SubscribeMapping",
			"org.springframework.messaging.rsocket.annotation.ConnectMapping",
			"org.springframework.graphql.data.method.annotation.SchemaMapping",
			"org.springframework.graphql.data.method.annotation.BatchMapping");

	private static final Set<String> CALLBACKS = Set.of("org.springframework.context.annotation.Bean",
			"org.springframework.context.event.EventListener", "org.springframework.scheduling.annotation.Scheduled",
			"org.springframework.beans.factory.annotation.Autowired", "jakarta.annotation.PostConstruct",
			"jakarta.annotation.PreDestroy");

	private TypeMethods() {
	}

	/**
	 * Returns whether an annotation on a type means a method.
	 * @param method a method of the type
	 * @param type the type of a bean
	 */
	static boolean include(Method method, Class<?> type) {
		int modifiers = method.getModifiers();
		if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers)
				|| (Modifier.isFinal(modifiers) && method.getDeclaringClass().getName().startsWith(SPRING))
				|| ReflectionUtils.findMethod(Object.class, method.getName(), method.getParameterTypes()) != null) {
			return false;
		}
		MergedAnnotations ofType = MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY);
		if (ofType.isPresent(Configuration.class) || ofType.isPresent(CONTROLLER_ADVICE)) {
			return false;
		}
		MergedAnnotations ofMethod = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
		return ofType.isPresent(Controller.class) ? isHandler(method)
				: CALLBACKS.stream().noneMatch(ofMethod::isPresent) && !isCalledBack(method, type);
	}

	/**
	 * Returns whether a method handles requests or messages.
	 */
	static boolean isHandler(Method method) {
		MergedAnnotations annotations = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
		return HANDLERS.stream().anyMatch(annotations::isPresent);
	}

	/**
	 * Returns whether a class is one of Spring or of the container.
	 */
	static boolean isOfFramework(Class<?> declaring) {
		return declaring.getName().startsWith(SPRING) || declaring.getName().startsWith("jakarta.servlet.");
	}

	/**
	 * Returns whether a method cannot be limited, and is not the affair of the type that
	 * carries the annotation: it is final in a supertype of that.
	 */
	static boolean isSealed(Method method, Declaration declaration) {
		return Modifier.isFinal(method.getModifiers()) && declaration.element() instanceof Class<?> annotated
				&& !annotated.isAssignableFrom(method.getDeclaringClass());
	}

	/*
	 * Methods of a repository are inherited from Spring Data, and are called by the
	 * application.
	 */
	private static boolean isCalledBack(Method method, Class<?> type) {
		Set<Class<?>> supertypes = Supertypes.of(type);
		return supertypes.stream().noneMatch((each) -> each.getName().equals(REPOSITORY)) && supertypes.stream()
			.filter(TypeMethods::callsBack)
			.flatMap((each) -> Stream.of(each.getDeclaredMethods()))
			.anyMatch((declared) -> !declared.isBridge() && !Modifier.isPrivate(declared.getModifiers())
					&& Signatures.same(declared, method, type));
	}

	private static boolean callsBack(Class<?> declaring) {
		return declaring == AutoCloseable.class || declaring == java.io.Closeable.class || isOfFramework(declaring);
	}

}
