using System.CommandLine;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>resume [--folder FOLDER]</c>: goes on with it.</summary>
internal static class ResumeCommand
{
    internal static Command Create() => FolderAction.Create(
        "resume",
        "Go on with a folder, or all, that was paused.",
        "/resume",
        folder => $"{folder}: goes on.");
}
