using System.Collections.Immutable;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Materialized;

/// <summary>What is about to be done to one path.</summary>
public enum IntentKind : byte
{
    /// <summary>Put the staged thing where nothing is.</summary>
    Create = 0,

    /// <summary>Exchange the staged thing with what is in place.</summary>
    Replace = 1,

    /// <summary>Move what is in place to the stage.</summary>
    Remove = 2,
}

/// <summary>
/// Journalled before a swap, so that a crash between swap and commit is recognized: afterwards either <paramref name="Expected"/> is in place and nothing
/// happened, or <paramref name="Staged"/> is, and the record only has to be written.
/// </summary>
/// <param name="Id">0 until the database has given one.</param>
/// <param name="Kind">What is about to happen.</param>
/// <param name="Path">Where.</param>
/// <param name="Stage">The place in staging that the thing comes from, or goes to.</param>
/// <param name="Dots">The versions that will be materialized; empty for a removal.</param>
/// <param name="Value">Null for a removal.</param>
/// <param name="Expected">What is in place before; null for a creation.</param>
/// <param name="Staged">What was staged; null for a removal.</param>
/// <param name="ConflictOf">The main path when a conflict file is made; else null.</param>
public sealed record ApplyIntent(
    long Id,
    IntentKind Kind,
    RelativePath Path,
    RelativePath Stage,
    ImmutableArray<Dot> Dots,
    EntryValue? Value,
    DiskSignature? Expected,
    DiskSignature? Staged,
    RelativePath? ConflictOf);
