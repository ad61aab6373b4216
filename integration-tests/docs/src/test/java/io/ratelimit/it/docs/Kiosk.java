package io.ratelimit.it.docs;

import java.io.IOException;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.RateLimits;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.spring.request.KeyResolver;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/**
 * An application that has all that the recipes guard.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableWebSocket
@Import({ Kiosk.Pages.class, Kiosk.Chat.class, Kiosk.Quotes.class, Kiosk.ChatHandler.class })
class Kiosk {

	@Bean
	SecurityFilterChain security(HttpSecurity http) throws Exception {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.csrf((csrf) -> csrf.disable())
			.build();
	}

	/**
	 * Believes the proxy at the loopback address.
	 */
	@Bean
	KeyResolver country() {
		return (request) -> "127.0.0.1".equals(request.remoteAddress()) ? request.header("CF-IPCountry") : null;
	}

	@RestController
	static class Pages {

		private final Quotes quotes;

		private volatile String latest = "";

		Pages(Quotes quotes) {
			this.quotes = quotes;
		}

		@RequestMapping({ "/api/hello", "/health", "/reports/new", "/shop", "/t/{tenant}/items", "/shop/items",
				"/exports/new" })
		String hello() {
			return "hello";
		}

		@PostMapping("/upload")
		String upload(@RequestBody String body) {
			return body.length() + " characters";
		}

		@GetMapping("/events")
		SseEmitter events() {
			SseEmitter emitter = new SseEmitter();
			new Thread(() -> {
				try {
					for (int i = 0; i < 20; i++) {
						emitter.send("event " + i);
					}
					emitter.complete();
				}
				catch (IOException ex) {
					emitter.completeWithError(ex);
				}
			}, "events").start();
			return emitter;
		}

		@GetMapping("/quote")
		String quote() {
			try {
				this.latest = this.quotes.fresh();
			}
			catch (RateLimitExceededException ex) {
				// the latest is good enough
			}
			return this.latest;
		}

	}

	@Component
	static class Quotes {

		private int count;

		@RateLimited(limits = "10/1s", key = "global")
		public String fresh() {
			return "quote " + ++this.count;
		}

	}

	@Component
	static class Chat implements WebSocketConfigurer {

		private final ChatHandler handler;

		Chat(ChatHandler handler) {
			this.handler = handler;
		}

		@Override
		public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
			registry.addHandler(this.handler, "/chat");
		}

	}

	@Component
	static class ChatHandler extends TextWebSocketHandler {

		private final RateLimits limits;

		ChatHandler(RateLimits limits) {
			this.limits = limits;
		}

		@Override
		protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
			if (this.limits.policies().containsKey("messages")
					&& this.limits.limiter("messages").tryAcquire(session.getId()).refuses()) {
				session.close(CloseStatus.POLICY_VIOLATION);
				return;
			}
			session.sendMessage(message);
		}

	}

}
