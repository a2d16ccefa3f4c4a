using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Restoring;

/// <summary>Which of several versions stood under a path's own name, when a snapshot was taken in the middle of a conflict.</summary>
internal static class FormerChoice
{
    /// <summary>
    /// As on the disk of the snapshot's maker: a directory keeps the name; else its own newest version; else the greatest dot. Null when the name belonged to a directory that stood
    /// only because of what was in it.
    /// </summary>
    internal static EntryValue? Of(Entry entry, bool hasDescendants, ActorId maker)
    {
        EntryValue? own = null;
        foreach (var (dot, value) in entry.Siblings)
        {
            if (value.Kind == EntryKind.Directory) return value;
            if (dot.Actor == maker) own = value;
        }
        return hasDescendants ? null : own ?? entry.Siblings[^1].Value;
    }
}
