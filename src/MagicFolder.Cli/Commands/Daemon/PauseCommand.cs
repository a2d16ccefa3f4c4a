using System.CommandLine;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>pause [--folder FOLDER]</c>: leaves a folder alone.</summary>
internal static class PauseCommand
{
    internal static Command Create() => FolderAction.Create(
        "pause",
        "Leave a folder, or all, alone until resumed; also over restarts of the daemon.",
        "/pause",
        folder => $"{folder}: paused.");
}
