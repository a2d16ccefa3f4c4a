using System.CommandLine;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>poll [--folder FOLDER]</c>: looks at the grid now.</summary>
internal static class PollCommand
{
    internal static Command Create() => FolderAction.Create(
        "poll",
        "Look at the grid for news of a folder, or of all, now. Returns when they are brought here.",
        "/poll-remote",
        folder => $"{folder}: asked the grid.");
}
