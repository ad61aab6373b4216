package io.ratelimit.spring.autoconfigure;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties that nobody sets, which are not bound.
 */
class PropertyDefaultsTests {

	static List<Class<?>> types() {
		return PropertyTypes.ALL;
	}

	@ParameterizedTest
	@MethodSource("types")
	void areWhatTheBinderWouldMakeOfNothing(Class<?> type) {
		assertThat((Object) BeanUtils.instantiateClass(type))
			.isEqualTo(new Binder().bindOrCreate("ratelimit", Bindable.of(type)));
	}

	@Test
	void areBoundWhereASourceCannotListItsNames() {
		assertThat(read(new PropertySource<>("unlisted", this) {

			@Override
			public Object getProperty(String name) {
				return name.equals("ratelimit.caffeine.maximum-keys") ? "7" : null;
			}

		})).contains("maximumKeys=7");
	}

	@Test
	void areBoundWhereOneOfThemIsSet() {
		assertThat(read(new MapPropertySource("listed", Map.of("ratelimit.caffeine.maximumKeys", "7"))))
			.contains("maximumKeys=7", "keyPrefix=ratelimit:");
	}

	private static String read(PropertySource<?> source) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(source);
		return ConfigurationReader.read(environment).values().toString();
	}

}
