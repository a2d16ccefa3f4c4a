using System.Collections.Immutable;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Scanning;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Deciding;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Simulation.Decisions.Planning;

/// <summary>Makes versions of what the product's <see cref="ChangeDetector"/> finds, with the product's <see cref="LocalChange"/>, and checks that they follow what was in front of the user.</summary>
internal sealed class TinyCapture(TinyFolder folder, Dot dot, RunScript script)
{
    private readonly Dictionary<RelativePath, Entry> _before = new(folder.Wanted);

    public int Done { get; private set; }

    public void Run()
    {
        var seen = new HashSet<RelativePath>();
        var detector = new ChangeDetector(item =>
        {
            bool isOne = folder.ConflictFileAt(item.Path) is { } file && file.MayBe(item.Stat);
            if (isOne) seen.Add(item.Path);
            return isOne;
        });
        foreach (var observation in detector.Compare(Walk(), folder.Records.Values).ToArray()) Take(observation);
        foreach (var file in folder.ConflictFiles.Values.ToArray())
            if (!seen.Contains(file.File) && (!file.MayBe(folder.StatOrNull(file.File)) || folder.HasTwin(file.File))) ConflictFileGone(file);
        Check();
        folder.Given.Clear();
        folder.Removed.Clear();
    }

    private IEnumerable<ScanItem> Walk()
    {
        for (int i = 0; i < folder.Disk.Paths.Count; i++)
            if (!folder.Disk.Paths[i].IsReserved) yield return new ScanItem.Seen(folder.Disk.Paths[i], folder.Disk.Nodes[i].Stat, folder.Disk.Nodes[i].Target);
    }

    private void Take(LocalObservation observation)
    {
        switch (observation)
        {
            case LocalObservation.Differs differs:
                Read(differs.Seen.Path, differs.Record);
                break;
            case LocalObservation.Vanished { Record: var record }:
                if (folder.Disk.FindExact(record.Path) is not null) throw new DecisionFailure($"{record.Path} was taken for deleted, but is there.");
                Done++;
                folder.Records.Remove(record.Path);
                if (!record.Implied) Edit(record.Path, record.Dots, null);
                script.Note($"captured {record.Path}: gone");
                break;
        }
    }

    private void Read(RelativePath path, MaterializedRecord? record)
    {
        var node = folder.Disk.FindExact(path)!;
        var value = node.Value;
        Done++;
        node.IsUnsaved = false;
        node.ShownOf = path;
        var signature = node.Stat.ToSignature();
        if (record is not null && value.IsSameVersionAs(record.Value))
        {
            node.Shown = record.Dots;
            folder.Records[path] = record with { Signature = signature, Racy = false };
            return;
        }
        var entry = folder.VersionsAt(path);
        var known = record is null && entry is not null ? entry.DotsOf(value) : [];
        if (!known.IsEmpty && !folder.ConflictFilesOf(path).Any(file => file.Dots.Any(known.Contains)))
        {
            node.Shown = known;
            folder.Records[path] = new MaterializedRecord(path, known, entry!.Find(known[^1])!, signature);
            return;
        }
        Edit(path, record is null ? [] : record.Dots, value);
        node.Shown = [dot];
        folder.Records[path] = new MaterializedRecord(path, [dot], value, signature);
        script.Note($"captured {path}: {dot}");
        if (folder.VersionsAt(path)?.DotsOf(value).IsEmpty ?? true) throw new DecisionFailure($"What the user put at {path} is no version.");
    }

    private void ConflictFileGone(ConflictFile file)
    {
        Done++;
        var against = ConflictDecision.Against(folder.VersionsAt(file.Main), file);
        if (ConflictDecision.Kept(isReadOnly: false, file, folder.RecordAt(file.Main)) is { } kept && folder.Disk.FindExact(file.Main) is { } node)
        {
            // What stands in place is decided for, and made anew.
            folder.Give(node);
            Edit(file.Main, [.. against, .. kept.Dots], kept.Value);
            (node.ShownOf, node.Shown) = (file.Main, [dot]);
            folder.Records[file.Main] = kept with { Dots = [dot] };
        }
        else
        {
            Edit(file.Main, against, null);
        }
        folder.ConflictFiles.Remove(file.File);
        script.Note($"captured {file.Main}: without {file.File}");
    }

    private void Edit(RelativePath path, ImmutableArray<Dot> had, EntryValue? value) => folder.Want(path, LocalChange.Apply(folder.VersionsAt(path), had, dot, value));

    private void Check()
    {
        foreach (var (path, entry) in _before)
            foreach (var sibling in entry.Siblings)
                if (folder.VersionsAt(path)?.Find(sibling.Dot) is null && !WasInFront(path, sibling.Dot))
                    throw new DecisionFailure($"The version {sibling.Dot} of {path} is gone, but the user never had it in front of them.");
        foreach (var (place, node) in folder.Removed)
            foreach (var shown in node.Shown)
                if (folder.Disk.FindExact(place) is null && folder.VersionsAt(node.ShownOf)?.Find(shown) is not null && !IsShown(node.ShownOf, shown))
                    throw new DecisionFailure($"The user removed {place}, but the version {shown} of {node.ShownOf} stays.");
        // An edited file aside of `.git` stays where it is, and there no scan looks.
        for (int i = 0; i < folder.Disk.Paths.Count; i++)
            if (!folder.Disk.Paths[i].IsReserved && folder.Disk.Nodes[i] is { IsUnsaved: true, Kind: not DiskKind.Directory } node && folder.ConflictFileAt(folder.Disk.Paths[i]) is null
                && folder.RecordAt(folder.Disk.Paths[i])?.Value.IsSameVersionAs(node.Value) != true)
                throw new DecisionFailure($"What the user did to {folder.Disk.Paths[i]} was not seen.");
    }

    private bool WasInFront(RelativePath path, Dot gone) => folder.Given.TryGetValue(path, out var given) && given.Contains(gone);

    private bool IsShown(RelativePath path, Dot given)
    {
        foreach (var node in folder.Disk.Nodes)
            if (node.ShownOf == path && node.Shown.Contains(given)) return true;
        // Something else in the place of a conflict file counts as its edit.
        return folder.ConflictFilesOf(path).Any(file => file.Dots.Contains(given) && folder.Disk.FindExact(file.File) is not null);
    }
}
