using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.Daemon.Configuration;
using MagicFolder.Daemon.Lifetime;

namespace MagicFolder.Cli.Composition;

/// <summary>Talks to the daemon of a configuration. The token goes into a header, never onto a command line.</summary>
internal sealed class ApiClient : IDisposable
{
    private const string EndpointPrefix = "tcp:";

    /// <summary>A daemon that starts is ready soon, and one that ends is gone.</summary>
    private const int Looks = 100;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http;
    private readonly string _run;

    private ApiClient(HttpClient http, ConfigurationDirectory directory) => (_http, _run) = (http, ConfigurationChoice.CommandFor(directory, "run"));

    /// <exception cref="CommandException">No daemon runs.</exception>
    internal static async Task<ApiClient> OpenAsync(string? configOption, CancellationToken cancel) =>
        await TryOpenAsync(configOption, cancel) ?? throw NotRunning(ConfigurationChoice.Existing(configOption));

    /// <summary>Null when no daemon runs, also when one was killed and left its address behind.</summary>
    /// <exception cref="CommandException">One is starting or ending, and takes its time.</exception>
    internal static async Task<ApiClient?> TryOpenAsync(string? configOption, CancellationToken cancel)
    {
        var directory = ConfigurationChoice.Existing(configOption);
        for (int left = Looks; ; left--)
        {
            // RACE: a daemon that is killed after this, and another program that listens at its port at once: that one gets the request.
            if (!DaemonLock.IsHeld(directory)) return null;
            if (TryFind(directory) is { } found) return found;
            if (left == 1) throw new CommandException($"The daemon with the configuration in {directory.Path} is just starting or ending; try again in a moment.");
            await Task.Delay(LookAgain, TimeProvider.System, cancel);
        }
    }

    /// <summary>Null while it is not ready yet, or ends.</summary>
    private static ApiClient? TryFind(ConfigurationDirectory directory)
    {
        string endpoint, token;
        try
        {
            endpoint = File.ReadAllText(directory.EndpointFile).Trim();
            token = File.ReadAllText(directory.TokenFile).Trim();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        if (!endpoint.StartsWith(EndpointPrefix, StringComparison.Ordinal) || !Uri.TryCreate($"http://{endpoint[EndpointPrefix.Length..]}", UriKind.Absolute, out var address))
            throw new CommandException($"{directory.EndpointFile} does not say where the daemon listens; start it again with '{ConfigurationChoice.CommandFor(directory, "run")}'.");
        var http = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new ApiClient(http, directory);
    }

    internal async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, type, cancel);
    }

    internal async Task<T> SendAsync<TBody, T>(HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, bodyType) };
        await request.Content.LoadIntoBufferAsync(cancel);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, type, cancel);
    }

    internal async Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, type, cancel);
    }

    internal async Task<T> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, type, cancel);
    }

    internal async Task PostAsync(string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        using var response = await SendAsync(request, cancel);
    }

    internal async Task PostAsync<TBody>(string path, TBody body, JsonTypeInfo<TBody> bodyType, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyType) };
        await request.Content.LoadIntoBufferAsync(cancel);
        using var response = await SendAsync(request, cancel);
    }

    /// <summary>What happens, from now on, until the daemon ends or this is cancelled.</summary>
    internal async IAsyncEnumerable<EventDocument> ListenAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", _http.DefaultRequestHeaders.Authorization!.ToString());
        await socket.ConnectAsync(new UriBuilder(new Uri(_http.BaseAddress!, "/v1/status")) { Scheme = "ws" }.Uri, cancel);
        using var message = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancel);
            if (received.MessageType == WebSocketMessageType.Close) yield break;
            message.Write(buffer, 0, received.Count);
            if (!received.EndOfMessage) continue;
            var told = JsonSerializer.Deserialize(message.GetBuffer().AsSpan(0, (int)message.Length), ApiJson.Default.EventsDocument);
            message.SetLength(0);
            foreach (var happened in told!.Events) yield return happened;
        }
    }

    /// <summary>The path of something that belongs to a folder.</summary>
    internal static string PathOf(string folder, string what) => $"/v1/magic-folder/{Uri.EscapeDataString(folder)}{what}";

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, cancel);
        }
        catch (OperationCanceledException e) when (request.Method != HttpMethod.Get)
        {
            throw new LeftToDaemonException(e);
        }
        catch (HttpRequestException e)
        {
            throw new CommandException($"The daemon does not answer at {_http.BaseAddress} ({e.HttpRequestError}); start it again with '{_run}'.", e);
        }
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            if (response.StatusCode == HttpStatusCode.NotFound) throw new CommandException($"The daemon does not know this request; is it of another version? Start it again with '{_run}'.");
            var error = await ReadAsync(response, ApiJson.Default.ErrorDocument, cancel);
            throw new RefusedByDaemonException(error.Reason);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancel) ?? throw new System.Text.Json.JsonException();
        }
        catch (System.Text.Json.JsonException)
        {
            throw new CommandException($"The daemon gave an answer that makes no sense ({(int)response.StatusCode}); its log may say why.");
        }
    }

    private static CommandException NotRunning(ConfigurationDirectory directory) =>
        new($"No daemon runs with the configuration in {directory.Path}; start it with '{ConfigurationChoice.CommandFor(directory, "run")}'.");
}
