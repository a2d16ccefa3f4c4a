using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Deciding;

/// <summary>
/// Which conflict files a version that has come to stand under the path's own name was seen with, so that removing one decides for what its user had in front of them. One that is gone by now was removed
/// beside what stood there before.
/// </summary>
internal static class SeenBeside
{
    /// <summary>A version of others has been put in place.</summary>
    /// <remarks>
    /// A conflict file with the very version that came may still be there, because a process ended in between or its user touched it: removing the second of two equal files decides against nothing.
    /// </remarks>
    internal static void NoteArrival(EngineParts parts, RelativePath main, EntryValue came) => Note(parts, main, twin: came);

    /// <summary>The user of this disk has made a version.</summary>
    internal static void NoteCapture(EngineParts parts, RelativePath main) => Note(parts, main, twin: null);

    private static void Note(EngineParts parts, RelativePath main, EntryValue? twin)
    {
        foreach (var file in parts.State.ConflictFiles.ForMain(main))
        {
            if (file.IsThere(parts.Disk) is not { } isThere) continue;
            var noted = file with { WasGone = !isThere, Dots = isThere && twin is not null && file.Value.IsSameVersionAs(twin) ? [] : file.Dots };
            if (noted != file) parts.State.ConflictFiles.Put(noted);
        }
    }
}
