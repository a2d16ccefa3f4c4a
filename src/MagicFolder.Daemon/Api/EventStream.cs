using System.Net.WebSockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MagicFolder.Daemon.Folders;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MagicFolder.Daemon.Api;

/// <summary>What happens, as messages of a WebSocket.</summary>
internal sealed class EventStream(FolderHost host)
{
    /// <summary>Until the listener has gone, or the daemon ends. The first message says that everything changed; whoever shows a state asks for it then, and after every further one.</summary>
    internal async Task SendAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            var first = host.All.Select(folder => new DaemonEvent("folder-added", folder.Name, null, host.Environment.Time.GetUtcNow().ToUnixTimeMilliseconds()));
            await SendAsync(socket, first, ends.Token);
            await foreach (var happened in host.Events.ListenAsync(ends.Token)) await SendAsync(socket, [happened], ends.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            if (stopping.IsCancellationRequested) await SayGoodbyeAsync(socket, context.RequestAborted);
        }
    }

    private static async Task SendAsync(WebSocket socket, IEnumerable<DaemonEvent> events, CancellationToken cancel)
    {
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(new EventsDocument([.. events.Select(Of)]), EventJson.Compact.EventsDocument);
        await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, cancel);
    }

    private static EventDocument Of(DaemonEvent happened) => new(
        happened.Kind, happened.TimeMs / 1000.0, happened.Folder, happened.Path, happened.Invite?.Id, happened.Invite?.Petname,
        happened.Invite is { } invite ? MembershipEndpoints.ModeOf(invite) : null, happened.Summary);

    private static async Task SayGoodbyeAsync(WebSocket socket, CancellationToken cancel)
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "The daemon ends.", cancel);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // It has gone already.
        }
    }
}

/// <summary>How events are written: what an event does not have is left out.</summary>
[JsonSerializable(typeof(EventsDocument))]
internal sealed partial class EventJson : JsonSerializerContext
{
    internal static EventJson Compact { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
