package io.ratelimit.sample;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Postcards over HTTP.
 */
@RestController
@RequestMapping("/api/postcards")
class PostcardController {

	private final PostcardService postcards;

	PostcardController(PostcardService postcards) {
		this.postcards = postcards;
	}

	@PostMapping
	Postcard send(@RequestParam String to) {
		return this.postcards.send(to);
	}

	@GetMapping("/preview")
	Postcard preview(@RequestParam String to) {
		return this.postcards.preview(to);
	}

}
