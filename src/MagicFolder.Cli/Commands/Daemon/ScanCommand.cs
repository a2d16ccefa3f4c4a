using System.CommandLine;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>scan [--folder FOLDER]</c>: looks at the directory now.</summary>
internal static class ScanCommand
{
    internal static Command Create() => FolderAction.Create(
        "scan",
        "Look at the directory of a folder, or of all, now. Returns when what had changed is stored and published.",
        "/scan-local",
        folder => $"{folder}: looked through.");
}
