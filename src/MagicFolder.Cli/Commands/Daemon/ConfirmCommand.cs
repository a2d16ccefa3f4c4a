using System.CommandLine;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>confirm [--folder FOLDER]</c>: lets go on what the deletion guard holds back.</summary>
internal static class ConfirmCommand
{
    internal static Command Create() => FolderAction.Create(
        "confirm",
        "Let go on what the deletion guard of a folder, or of all, holds back: deletions of very much at once, made here or brought from others.",
        "/confirm",
        folder => $"{folder}: confirmed.");
}
