using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Scanning;

/// <summary>One difference between the disk and what is recorded of it.</summary>
internal abstract record LocalObservation
{
    /// <summary>Something that has no record, or no longer looks as recorded: it has to be read.</summary>
    internal sealed record Differs(ScanItem.Seen Seen, MaterializedRecord? Record) : LocalObservation;

    /// <summary>Something recorded is gone, and its absence was really seen.</summary>
    internal sealed record Vanished(MaterializedRecord Record) : LocalObservation;

    /// <summary>A directory that stands only because of what is in it still stands.</summary>
    internal sealed record Implied(MaterializedRecord Record) : LocalObservation;

    /// <summary>A conflict file is gone: the user decided against its versions.</summary>
    internal sealed record ConflictFileVanished(ConflictFile File) : LocalObservation;

    /// <summary>A conflict file of which it was noted that it is gone is there.</summary>
    internal sealed record ConflictFileIsBack(ConflictFile File) : LocalObservation;

    /// <summary>Something recorded stands at or below what could not be looked at; told once for a look.</summary>
    internal sealed record Hidden : LocalObservation;

    /// <summary>Something stands where it is not known yet what a crash left there: nothing is concluded from it, nor from what is below it.</summary>
    internal sealed record Unsettled(RelativePath Path) : LocalObservation;

    /// <summary>Nothing can be said of a path and of what is below it. Null: its name is none, or what is there is nothing that is synchronized.</summary>
    internal sealed record Unknown(RelativePath? Path, Problem Problem) : LocalObservation;
}
