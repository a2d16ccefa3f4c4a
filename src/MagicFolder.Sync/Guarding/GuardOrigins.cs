using MagicFolder.Model;

namespace MagicFolder.Sync.Guarding;

/// <summary>From where the deletions came that the guard holds.</summary>
internal static class GuardOrigins
{
    internal const string Local = "local";
    internal const string Remote = "remote";

    /// <summary>How deletions that are held go on: the folder may be one of the daemon, or of <c>sync</c>.</summary>
    internal const string LetGo = "let go with 'magic-folder confirm', or with 'magic-folder sync ... --confirm-deletions'";

    internal static Problem Describe(string origin, long count, long total) => origin == Local
        ? new Problem(".", $"{count} of {total} entries vanished here at once, so their deletion is held back", $"put them back, or {LetGo}")
        : new Problem(".", $"others deleted {count} of {total} entries at once, so they are kept here for now", $"bring them back with 'magic-folder restore' or 'undo', or {LetGo}");
}
