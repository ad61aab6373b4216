package io.ratelimit.spring.method;

import java.io.Closeable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.aop.framework.autoproxy.AbstractAutoProxyCreator;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.Aware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanFactory;
import org.springframework.core.Conventions;
import org.springframework.util.ClassUtils;

/**
 * Whether the limited methods of a bean can be intercepted by a proxy.
 */
final class Interception {

	/** Callbacks of a bean's life, which reach the bean itself. */
	private static final Set<Class<?>> OF_ITS_LIFE = Set.of(InitializingBean.class, DisposableBean.class,
			Closeable.class, AutoCloseable.class);

	private static final String EXPOSED_INTERFACES = Conventions.getQualifiedAttributeName(AutoProxyUtils.class,
			"exposedInterfaces");

	private final ConfigurableListableBeanFactory beans;

	Interception(ConfigurableListableBeanFactory beans) {
		this.beans = beans;
	}

	/**
	 * Stops the start if a method cannot be intercepted.
	 * @param bean name of the bean
	 * @param type its class, which is no generated one
	 * @param limited its limited methods
	 */
	void require(String bean, Class<?> type, Map<Method, List<Declaration>> limited) {
		limited.keySet().forEach((method) -> {
			refuse(method, Modifier.isPrivate(method.getModifiers()), "private");
			refuse(method, Modifier.isStatic(method.getModifiers()), "static");
		});
		TemplateMethods.refuseThoseOfFrameworks(type, limited);
		if (isProxiedBySubclass(bean, type)) {
			requireSubclasses(type);
			limited.keySet().forEach((method) -> refuse(method, Modifier.isFinal(method.getModifiers()), "final"));
			requireNoSealedCallback(type);
		}
	}

	/**
	 * Returns the methods of a limited bean that run on its proxy.
	 * @param bean name of the bean
	 * @param type its class, which is no generated one
	 */
	List<Method> unforwarded(String bean, Class<?> type) {
		return isProxiedBySubclass(bean, type) ? UnforwardedMethods.of(type) : List.of();
	}

	private static void refuse(Method method, boolean wrong, String modifier) {
		if (wrong) {
			throw Declaration.invalid(method,
					"a %s method cannot be limited, since no proxy can intercept it".formatted(modifier),
					"Make the method non-%s, or move the annotation to a method that others call; or have it woven, and set ratelimit.method.mode=aspectj"
						.formatted(modifier));
		}
	}

	private static void requireSubclasses(Class<?> type) {
		String kind = type.isRecord() ? "record"
				: Modifier.isFinal(type.getModifiers()) ? "final class" : "sealed class";
		if (Modifier.isFinal(type.getModifiers()) || type.isSealed()) {
			refuse(type, kind,
					type.isRecord() ? "Write a class instead of a record"
							: "Make the class non-%s (in Kotlin: open, or by the kotlin-spring plugin)"
								.formatted(type.isSealed() ? "sealed" : "final"));
		}
		Constructor<?>[] constructors = type.getDeclaredConstructors();
		if (constructors.length > 0 && Arrays.stream(constructors)
			.allMatch((constructor) -> Modifier.isPrivate(constructor.getModifiers()))) {
			refuse(type, "class whose constructors are all private",
					"Give the class a constructor that is not private (it need not be public)");
		}
	}

	private static void refuse(Class<?> type, String kind, String open) {
		throw Declaration.invalid(type, "a %s cannot be limited, since a proxy is a subclass of it".formatted(kind),
				interfaces(type).findFirst()
					.map((each) -> open + ", or have interfaces proxied by spring.aop.proxy-target-class=false")
					.orElse(open));
	}

	/*
	 * A final method runs on the proxy, which has none of the bean's fields.
	 */
	private static void requireNoSealedCallback(Class<?> type) {
		for (Class<?> each = type.getSuperclass(); each != null; each = each.getSuperclass()) {
			if (each.getName().startsWith("org.springframework.")) {
				for (Method method : each.getDeclaredMethods()) {
					if (Modifier.isFinal(method.getModifiers()) && isCalledByInterface(method, type)) {
						throw Declaration.invalid(type,
								"its methods cannot be limited, since %s is final and does not work on a proxy"
									.formatted(Declaration.nameOf(method)),
								"Move the limited method to a bean of its own");
					}
				}
			}
		}
	}

	private static boolean isCalledByInterface(Method method, Class<?> type) {
		return interfaces(type).flatMap((each) -> Arrays.stream(each.getMethods()))
			.anyMatch((declared) -> Signatures.same(declared, method, type));
	}

	/*
	 * The first creator proxies the bean, and a second one its proxy.
	 */
	private boolean isProxiedBySubclass(String bean, Class<?> type) {
		if (Proxy.isProxyClass(type) || ClassUtils.isLambdaClass(type)) {
			return false;
		}
		if (interfaces(type).findAny().isEmpty() || AutoProxyUtils.shouldProxyTargetClass(this.beans, bean)) {
			return true;
		}
		if (this.beans.containsBeanDefinition(bean)
				&& this.beans.getBeanDefinition(bean).hasAttribute(EXPOSED_INTERFACES)) {
			return false;
		}
		return !(this.beans instanceof AbstractBeanFactory factory) || factory.getBeanPostProcessors()
			.stream()
			.filter(AbstractAutoProxyCreator.class::isInstance)
			.findFirst()
			.map((creator) -> ((AbstractAutoProxyCreator) creator).isProxyTargetClass())
			.orElse(true);
	}

	private static Stream<Class<?>> interfaces(Class<?> type) {
		return ClassUtils.getAllInterfacesForClassAsSet(type)
			.stream()
			.filter((each) -> each.getMethods().length > 0 && !OF_ITS_LIFE.contains(each)
					&& !Aware.class.isAssignableFrom(each) && !each.getName().equals("groovy.lang.GroovyObject"));
	}

}
