using System.Collections.Immutable;
using MagicFolder.FileSystem.Names;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.History;

/// <summary>Versions that a file without a record can be recognized as.</summary>
internal readonly record struct KnownVersion(ImmutableArray<Dot> Dots, EntryValue Value);

/// <summary>
/// Joining with files already there (docs/decisions/0008): a file without a record whose content is in its path's history counts as that version; any other becomes
/// a sibling, never an overwrite. The history counts only at <see cref="FirstSight"/>: later, a file that appears was put there by somebody, and a version that
/// was replaced or deleted before may be just what they want back.
/// </summary>
internal sealed class KnownVersions(EngineParts parts, EngineTools tools)
{
    private readonly SnapshotWalk _walk = new(parts, tools);

    /// <summary>
    /// A file that was a conflict file before the state was lost: named like one, and with the content of a version of the path it is named for. Only at first sight;
    /// otherwise a name says nothing.
    /// </summary>
    internal async ValueTask<(RelativePath Main, KnownVersion Version)?> FindBesideAsync(
        RelativePath file, Func<RelativePath, Entry?> entryOf, EntryValue value, bool? bit, CancellationToken cancel)
    {
        if (value.Kind == EntryKind.Directory || !tools.FirstSight.IsOf(file)) return null;
        foreach (var main in ConflictNames.MainsOf(file))
            if (await FindAsync(main, file, entryOf(main), value, bit, cancel) is { } known) return (main, known);
        return null;
    }

    /// <param name="path">Where the file stands.</param>
    /// <param name="entry">The current versions of that path.</param>
    /// <param name="value">What was read from the disk.</param>
    /// <param name="bit">Whether the disk says that it is executable. Where it cannot say, the content alone tells which version of a file it is.</param>
    /// <param name="cancel">Stops the search.</param>
    internal ValueTask<KnownVersion?> FindAsync(RelativePath path, Entry? entry, EntryValue value, bool? bit, CancellationToken cancel) => FindAsync(path, path, entry, value, bit, cancel);

    private async ValueTask<KnownVersion?> FindAsync(RelativePath path, RelativePath standing, Entry? entry, EntryValue value, bool? bit, CancellationToken cancel)
    {
        if (entry is not null && FindIn(entry, value, bit) is { } current) return current;
        if (value.Kind == EntryKind.Directory || !tools.FirstSight.IsOf(standing) || !await _walk.OpenAsync(cancel)) return null;
        await foreach (var (_, former) in _walk.VersionsAsync(path, cancel))
            if (FindIn(former, value, bit) is { } known) return known;
        return null;
    }

    private static KnownVersion? FindIn(Entry entry, EntryValue value, bool? bit)
    {
        var dots = entry.DotsOf(value);
        if (dots.IsEmpty && bit is null && value.Kind == EntryKind.File) dots = entry.DotsOf(value.WithExecutable(!value.IsExecutable));
        return dots.IsEmpty ? null : new KnownVersion(dots, entry.Find(dots[^1])!);
    }
}
