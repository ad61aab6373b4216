package io.ratelimit.spring.autoconfigure;

import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * The types that properties below {@code ratelimit} are bound to. Each of them is the own
 * of a feature, and hidden there.
 */
final class PropertyTypes {

	/**
	 * Their names, in the order in which messages list what can be written.
	 */
	static final List<String> NAMES = List.of("io.ratelimit.spring.policy.RateLimitProperties",
			"io.ratelimit.spring.store.StoreProperties", "io.ratelimit.spring.request.RequestProperties",
			"io.ratelimit.spring.web.servlet.ServletProperties", "io.ratelimit.spring.method.MethodProperties",
			"io.ratelimit.spring.observe.NoticeProperties");

	/** By name as Spring Boot compares it, for each block. */
	private static final ClassValue<Map<String, ResolvableType>> COMPONENTS = new ClassValue<>() {

		@Override
		protected Map<String, ResolvableType> computeValue(Class<?> type) {
			return components(type);
		}

	};

	static final List<Class<?>> ALL = NAMES.stream().<Class<?>>map(PropertyTypes::type).toList();

	private static final List<ResolvableType> ROOTS = ALL.stream().map(ResolvableType::forClass).toList();

	private static final Class<?> POLICY = element(ALL.get(0), "policies", 1);

	private static final Class<?> LIMIT = element(POLICY, "limits", 0);

	private PropertyTypes() {
	}

	/**
	 * Returns what {@code ratelimit} itself is, in all of its parts.
	 */
	static List<ResolvableType> roots() {
		return ROOTS;
	}

	/**
	 * Returns what an element of a name is.
	 * @param types what stands before it
	 * @return its type, in all of its parts; empty if there is no such element
	 */
	static List<ResolvableType> below(List<ResolvableType> types, ConfigurationPropertyName name, int index) {
		return types.stream().flatMap((type) -> below(type, name, index)).toList();
	}

	/**
	 * Returns the names of the properties in a block; empty if it is something else.
	 */
	static List<String> names(List<ResolvableType> types) {
		return types.stream().flatMap((type) -> names(raw(type))).distinct().toList();
	}

	/**
	 * Returns the names of the properties of a policy.
	 */
	static List<String> ofPolicy() {
		return names(POLICY).toList();
	}

	/**
	 * Returns the names of the properties in the long form of a limit.
	 */
	static List<String> ofLimit() {
		return names(LIMIT).toList();
	}

	/**
	 * Returns the type of a limit.
	 */
	static Class<?> limit() {
		return LIMIT;
	}

	static boolean isPolicy(Class<?> type) {
		return type == POLICY;
	}

	static boolean isLimit(Class<?> type) {
		return type == LIMIT;
	}

	/**
	 * Returns whether a type stands for a block of properties that has no value itself. A
	 * policy can be written as just its limits, and a limit in one line.
	 */
	static boolean isBlock(Class<?> type) {
		return type == Map.class || (type.isRecord() && type != POLICY);
	}

	static Class<?> raw(ResolvableType type) {
		return type.resolve(Object.class);
	}

	/**
	 * Returns the constructor that a block of properties is bound by.
	 */
	static Constructor<?> constructor(Class<?> block) {
		Constructor<?>[] constructors = block.getDeclaredConstructors();
		return Arrays.stream(constructors)
			.filter((constructor) -> constructor.isAnnotationPresent(ConstructorBinding.class))
			.findFirst()
			.orElse(constructors[0]);
	}

	private static Stream<ResolvableType> below(ResolvableType type, ConfigurationPropertyName name, int index) {
		Class<?> raw = raw(type);
		if (raw == Map.class) {
			return Stream.of(type.getGeneric(1));
		}
		if (raw == List.class) {
			return name.isNumericIndex(index) ? Stream.of(type.getGeneric(0)) : Stream.empty();
		}
		return hasComponents(raw) ? component(raw, name.getElement(index, Form.UNIFORM)) : Stream.empty();
	}

	private static Stream<ResolvableType> component(Class<?> type, String element) {
		return Stream.ofNullable(COMPONENTS.get(type).get(PropertyNames.uniform(element)));
	}

	private static Map<String, ResolvableType> components(Class<?> type) {
		Constructor<?> constructor = constructor(type);
		Parameter[] parameters = constructor.getParameters();
		Map<String, ResolvableType> components = new HashMap<>();
		for (int i = 0; i < parameters.length; i++) {
			components.put(PropertyNames.uniform(parameters[i].getName()),
					ResolvableType.forConstructorParameter(constructor, i));
		}
		return components;
	}

	private static Stream<String> names(Class<?> type) {
		return hasComponents(type) ? Arrays.stream(constructor(type).getParameters())
			.map((parameter) -> DataObjectPropertyName.toDashedForm(parameter.getName())) : Stream.empty();
	}

	private static boolean hasComponents(Class<?> type) {
		return type.isRecord() || type == LIMIT;
	}

	private static Class<?> element(Class<?> type, String component, int generic) {
		return component(type, component).findFirst().map((list) -> raw(list.getGeneric(generic))).orElseThrow();
	}

	private static Class<?> type(String name) {
		return ClassUtils.resolveClassName(name, Objects.requireNonNull(PropertyTypes.class.getClassLoader()));
	}

}
