package io.ratelimit.sample;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Exports over HTTP. A refusal of the service becomes the same answer as one by path.
 */
@RestController
class ExportController {

	private final ExportService exports;

	ExportController(ExportService exports) {
		this.exports = exports;
	}

	@PostMapping(path = "/api/exports", produces = "text/csv;charset=UTF-8")
	String export() {
		return this.exports.export();
	}

}
