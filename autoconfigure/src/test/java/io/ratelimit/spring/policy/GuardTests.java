package io.ratelimit.spring.policy;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class GuardTests {

	@Test
	void whatIsMissingIsNamed() {
		Guard guard = Guard.of();
		assertThatNullPointerException().isThrownBy(() -> guard.withPaths(null)).withMessage("paths");
		assertThatNullPointerException().isThrownBy(() -> guard.withExcept(null)).withMessage("except");
		assertThatNullPointerException().isThrownBy(() -> guard.withMethods(null)).withMessage("methods");
		assertThatNullPointerException().isThrownBy(() -> guard.withKey(null)).withMessage("key");
		assertThatNullPointerException().isThrownBy(() -> guard.withMissingKey(null)).withMessage("missingKey");
		assertThatNullPointerException().isThrownBy(() -> guard.withCost(null)).withMessage("cost");
	}

}
