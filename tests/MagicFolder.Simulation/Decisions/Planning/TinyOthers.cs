using System.Collections.Immutable;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Simulation.Clocks;

namespace MagicFolder.Simulation.Decisions.Planning;

/// <summary>What comes from others: the tree that a join has left.</summary>
internal sealed class TinyOthers(TinyFolder folder, RunScript script)
{
    /// <summary>So many contents, links and files alike, that some are equal.</summary>
    public const int Contents = 5;

    private long _seq;

    public void Change(SeededRandom random, IReadOnlyList<RelativePath> places)
    {
        var path = random.Pick(places);
        // Now and then the very name of a conflict file.
        if (folder.ConflictFiles.Count > 0 && random.Chance(0.15) && folder.ConflictFiles.Keys[random.Below(folder.ConflictFiles.Count)] is { IsReserved: false } taken) path = taken;
        var siblings = folder.VersionsAt(path)?.Siblings ?? [];
        // A part of what is there goes: all of it, nothing of it, or something between.
        int kind = random.Below(3);
        var kept = siblings.Where(_ => kind == 0 || (kind == 1 && random.Chance(0.5))).ToImmutableArray();
        int added = random.Below(3);
        if (path.IsReserved) (kept, added) = ([], 1);
        for (int i = 0; i < added && kept.Length < 4; i++) kept = kept.Add(new Sibling(new Dot(Actor(1 + random.Below(3)), ++_seq), Value(random)));
        folder.Want(path, Entry.From(kept));
        script.Note($"others at {path}: {string.Join(", ", kept.Select(sibling => $"{sibling.Dot} {sibling.Value.Kind} {sibling.Value.Content}{sibling.Value.LinkTarget}"))}");
    }

    public static ActorId Actor(int number) => new((UInt128)(ulong)number << 96);

    private static EntryValue Value(SeededRandom random) => random.Below(8) switch
    {
        < 5 => TinyNode.ValueOf(DiskKind.File, random.Below(Contents), random.Below(3), random.Chance(0.1) ? 0x1ED : 0x1A4),
        5 => TinyNode.ValueOf(DiskKind.Symlink, random.Below(Contents), 0, 0),
        _ => TinyNode.ValueOf(DiskKind.Directory, 0, random.Below(3), 0x1ED),
    };
}
