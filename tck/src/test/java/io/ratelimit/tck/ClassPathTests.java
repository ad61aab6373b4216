package io.ratelimit.tck;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ClassPathTests {

	@Test
	void noSpringIsOnTheClassPath() {
		assertThatThrownBy(() -> Class.forName("org.springframework.core.SpringVersion"))
			.isInstanceOf(ClassNotFoundException.class);
	}

}
