using System.Net.WebSockets;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary>Single events in lines, beside the status.</summary>
internal static class EventReport
{
    /// <summary>Until cancelled, or the daemon ends: then whoever asks for the status is told why.</summary>
    internal static async Task PrintAsync(ApiClient client, CancellationToken cancel)
    {
        try
        {
            await foreach (var happened in client.ListenAsync(cancel))
                if (Describe(happened) is { } text) Console.Out.WriteLine($"{Times.Local((long)(happened.Timestamp * 1000))}  {Printable.Text(happened.Folder ?? "")}  {Printable.Text(text)}");
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // There is nothing more to tell.
        }
    }

    /// <summary>Null for what the status shows, or what happens all the time.</summary>
    private static string? Describe(EventDocument happened) => happened.Kind switch
    {
        "upload-started" => $"storing {happened.Relpath}",
        "upload-finished" => $"stored {happened.Relpath}",
        "download-started" => $"bringing {happened.Relpath}",
        "download-finished" => $"brought {happened.Relpath}",
        "invite-created" => $"{happened.ParticipantName} is invited",
        "invite-answered" => $"{happened.ParticipantName} has answered the invite",
        "folder-left" => "left",
        _ when happened.Kind.StartsWith("invite-", StringComparison.Ordinal) => happened.Summary ?? $"{happened.ParticipantName}: {happened.Kind}",
        _ => null,
    };
}
