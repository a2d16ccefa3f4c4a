using MagicFolder.Model;

namespace MagicFolder.Sync.Guarding;

/// <summary>From where the deletions came that the guard holds.</summary>
internal static class GuardOrigins
{
    internal const string Local = "local";
    internal const string Remote = "remote";

    internal static Problem Describe(string origin, long count, long total) => origin == Local
        ? new Problem(".", $"{count} of {total} entries vanished here at once, so their deletion is held back", "put them back, or let go with --confirm-deletions")
        : new Problem(".", $"others deleted {count} of {total} entries at once, so they are kept here for now", "let go with --confirm-deletions, or bring versions back with restore");
}
