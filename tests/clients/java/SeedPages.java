import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The calls that the Java samples of the pages stand for, made with the JDK's own client.
 *
 * <p>Arguments: the API's address and a token. Each step prints one line of JSON: step, status, body, and for an
 * error the message that a client would show.
 */
public final class SeedPages {
    private static final String TABLE = "/v1/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3";
    private static final String TEAM = "/v1/teams/449b5f25-4cbb-42db-8f71-3be2c5cd888a";
    private static final String ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4";
    private static final String UNKNOWN = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
    private static final String JSON = "application/json";
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final Pattern MESSAGE = Pattern.compile("\"message\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-f-]{36})\"");
    private static final Pattern NESTED = Pattern.compile("\\{[^{}]*\\}|\\[[^\\[\\]]*\\]");
    private static final Map<Character, String> ESCAPES =
            Map.of('"', "\\\"", '\\', "\\\\", '\n', "\\n", '\r', "\\r", '\t', "\\t");

    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    // As it comes: it offers HTTP/2 with each request, which a server must be able to leave unanswered.
    private final HttpClient client = HttpClient.newHttpClient();
    private final String api;
    private final String token;

    private SeedPages(String api, String token) {
        this.api = api;
        this.token = token;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        SeedPages pages = new SeedPages(arguments[0], arguments[1]);
        pages.followersAndVotes();
        pages.versions();
        pages.createAndUpdate();
        pages.errors();
    }

    private void followersAndVotes() throws IOException, InterruptedException {
        put("addFollower", TABLE + "/followers", quote(ADMIN));
        get("followed", TABLE + "?fields=followers");
        send("removeFollower", "DELETE", TABLE + "/followers/" + ADMIN, BodyPublishers.noBody(), null);
        get("unfollowed", TABLE + "?fields=followers");
        put("vote", TABLE + "/vote", "{\"updatedVoteType\": \"votedUp\"}");
        get("voted", TABLE + "?fields=votes");
        put("unVote", TABLE + "/vote", "{\"updatedVoteType\": \"unVoted\"}");
        get("unVoted", TABLE + "?fields=votes");
    }

    private void versions() throws IOException, InterruptedException {
        get("listVersions", TEAM + "/versions");
        get("getVersion", TEAM + "/versions/0.1");
    }

    private void createAndUpdate() throws IOException, InterruptedException {
        String columns = "[{\"name\": \"id\", \"dataType\": \"BIGINT\"}]";
        String orders = table("orders", columns);
        post("create", "/v1/tables", orders);
        post("createAgain", "/v1/tables", orders);
        String made = put("upsert", "/v1/tables", orders);
        String path = "/v1/tables/" + id(made);
        get("beforeUpdate", path);
        BodyPublisher patch =
                BodyPublishers.ofString("[{\"op\": \"add\", \"path\": \"/description\", \"value\": \"Every order.\"}]");
        send("update", "PATCH", path, patch, JSON_PATCH);
        get("firstVersion", path + "/versions/0.1");
    }

    private void errors() throws IOException, InterruptedException {
        put("followUnknownTable", "/v1/tables/" + UNKNOWN + "/followers", quote(ADMIN));
        put("followAsUnknownUser", TABLE + "/followers", quote(UNKNOWN));
        get("unknownVersion", TEAM + "/versions/9.9");
        put("malformedVote", TABLE + "/vote", "{\"updatedVoteType\": \"sideways\"}");
    }

    /** The id of an entity itself: what stands in its references and lists is taken out first. */
    private static String id(String entity) {
        String own = entity.substring(1);
        while (NESTED.matcher(own).find()) {
            own = NESTED.matcher(own).replaceAll("null");
        }
        Matcher id = ID.matcher(own);
        if (!id.find()) {
            throw new IllegalStateException("no id in " + entity);
        }
        return id.group(1);
    }

    private static String table(String name, String columns) {
        return "{\"name\": " + quote(name) + ", \"columns\": " + columns
                + ", \"databaseSchema\": \"sample_data.ecommerce_db.shopify\"}";
    }

    private String get(String step, String path) throws IOException, InterruptedException {
        return send(step, "GET", path, BodyPublishers.noBody(), null);
    }

    private String put(String step, String path, String body) throws IOException, InterruptedException {
        return send(step, "PUT", path, BodyPublishers.ofString(body), JSON);
    }

    private String post(String step, String path, String body) throws IOException, InterruptedException {
        return send(step, "POST", path, BodyPublishers.ofString(body), JSON);
    }

    private String send(String step, String method, String path, BodyPublisher body, String type)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token)
                .method(method, body);
        if (type != null) {
            request.header("Content-Type", type);
        }
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        report(step, response);
        return response.body();
    }

    private static void report(String step, HttpResponse<String> response) {
        StringBuilder line = new StringBuilder("{\"step\": " + quote(step));
        line.append(", \"status\": ").append(response.statusCode());
        line.append(", \"body\": ").append(quote(response.body()));
        Matcher message = MESSAGE.matcher(response.body());
        if (response.statusCode() >= 400 && message.find()) {
            line.append(", \"message\": \"").append(message.group(1)).append('"');
        }
        OUT.println(line.append('}'));
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char letter : text.toCharArray()) {
            quoted.append(ESCAPES.getOrDefault(letter, String.valueOf(letter)));
        }
        return quoted.append('"').toString();
    }
}
