package io.ratelimit.spring.method;

import java.lang.reflect.Modifier;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.CannotLoadBeanClassException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Lazy beans and those of other scopes, which are known by their definitions until they
 * are created.
 */
final class BeansToCome {

	private BeansToCome() {
	}

	/**
	 * Passes on the beans of an application that are not created yet.
	 * @param known called with the names and classes of beans
	 * @param open called with an interface or an abstract class in place of the class. It
	 * need not have what only the class has that implements it, such as names of
	 * parameters
	 */
	static void of(ConfigurableListableBeanFactory beans, BiConsumer<String, Class<?>> known, Consumer<Class<?>> open) {
		for (String name : beans.getBeanDefinitionNames()) {
			Class<?> type = beans.containsSingleton(name) ? null : typeOf(beans, name);
			if (type != null && !type.getName().startsWith("org.springframework.")) {
				if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
					open.accept(type);
				}
				else {
					known.accept(name, ClassUtils.getUserClass(type));
				}
			}
		}
	}

	/**
	 * Returns the type of a bean by its definition, or {@code null} if it is not known.
	 */
	static @Nullable Class<?> typeOf(ConfigurableListableBeanFactory beans, String bean) {
		try {
			return beans.getBeanDefinition(bean).isAbstract() ? null : beans.getType(bean, false);
		}
		catch (CannotLoadBeanClassException ex) {
			// shows when the bean is created
			return null;
		}
	}

}
