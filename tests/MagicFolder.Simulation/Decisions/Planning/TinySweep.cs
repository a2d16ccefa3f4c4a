using System.Collections.Immutable;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Planning;
using MagicFolder.Model.Versions;
using MagicFolder.Simulation.Clocks;
using MagicFolder.Sync.Planning;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Simulation.Decisions.Planning;

/// <summary>
/// Carries out what the product plans: forward for what is put in place, then backward for removals. It does blindly what it is told, and fails where that would cost something.
/// </summary>
internal sealed class TinySweep(TinyFolder folder, SeededRandom random, RunScript script)
{
    private readonly List<Action> _batch = [];
    private readonly HashSet<RelativePath> _reserved = [];
    private readonly HashSet<RelativePath> _directoriesToCome = [];
    private readonly HashSet<TinyNode> _placed = [];

    /// <summary>How many things were changed, on the disk or in the records.</summary>
    public int Done { get; private set; }

    /// <summary>What was decided, folded into a number.</summary>
    public ulong Outcome { get; private set; }

    public void Run()
    {
        int batch = 1 + random.Below(4);
        int inBatch = 0;
        foreach (var path in AllPaths())
        {
            Forward(path);
            if (++inBatch % batch == 0) Execute();
        }
        Execute();
        foreach (var path in folder.Records.Keys.Reverse().ToArray())
            if (folder.RecordAt(path) is { } record && folder.DesiredAt(path, record) is { Kind: MainKind.Nothing } desired) Remove(record, desired);
    }

    private SortedSet<RelativePath> AllPaths()
    {
        var paths = new SortedSet<RelativePath>(folder.Wanted.Keys);
        paths.UnionWith(folder.Records.Keys);
        foreach (var file in folder.ConflictFiles.Values) paths.Add(file.Main);
        foreach (var path in folder.Wanted.Keys)
            for (var up = path.Parent; !up.IsRoot; up = up.Parent) paths.Add(up);
        return paths;
    }

    private void Forward(RelativePath path)
    {
        var record = folder.RecordAt(path);
        var desired = folder.DesiredAt(path, record);
        if (MainPlan.HasTwin(path, desired, record, folder)) return;
        var beside = BesidePlan.Of(path, desired, record, folder);
        if (beside.Removed is not null || beside.IsMainUnknown) return;
        foreach (var (file, wanted) in beside.Extended) Extend(file, wanted);
        foreach (var version in beside.Put) PutBeside(path, version);
        var step = MainPlan.Decide(path, desired, record, folder);
        Outcome = Outcome * 31 + (ulong)step + 100 * (ulong)desired.Kind + 1000 * (ulong)desired.Beside.Length;
        bool isDone = TakeMain(path, desired, record, step);
        if (isDone) Later(() => Clear(path, desired));
    }

    private bool TakeMain(RelativePath path, DesiredState desired, MaterializedRecord? record, MainStep step)
    {
        if (step != MainStep.None) script.Note($"plan {path}: {step}");
        switch (step)
        {
            case MainStep.None:
                return true;
            case MainStep.TakeAsImplied:
                Later(() => Record(path, There(path), ImpliedValue, [], racy: false));
                return true;
            case MainStep.GiveWay:
                Later(() =>
                {
                    if (folder.ConflictFileAt(path) is { } own) TakeAway(own);
                });
                return false;
            case MainStep.Adopt:
                Later(() => Adopt(path, desired.Main!));
                return true;
            case MainStep.KeepAsImplied:
                Later(() => Record(record! with { Dots = [], Implied = true }));
                return true;
            case MainStep.CreateImplied:
                return MakeDirectory(path, ImpliedValue, []);
            case MainStep.Create when desired.Main!.Value.Kind == EntryKind.Directory:
                return MakeDirectory(path, desired.Main.Value, desired.Main.Dots);
            case MainStep.Create:
                if (!WillHaveParent(path)) return false;
                Later(() => Create(path, desired.Main!.Value, desired.Main.Dots));
                return true;
            case MainStep.Replace:
                return Replace(path, desired.Main!.Value, desired.Main.Dots, record!);
            case MainStep.ReplaceByImplied:
                return Replace(path, ImpliedValue, [], record!);
            default:
                return false;
        }
    }

    private static EntryValue ImpliedValue { get; } = EntryValue.Directory(0, 0x1ED);

    private void Later(Action action) => _batch.Add(action);

    private void Execute()
    {
        foreach (var action in _batch) action();
        _batch.Clear();
        _reserved.Clear();
        _directoriesToCome.Clear();
        _placed.Clear();
    }

    private bool WillHaveParent(RelativePath path) => EnsureParent(path) || _directoriesToCome.Contains(path.Parent);

    private bool EnsureParent(RelativePath path)
    {
        var way = WayPlan.Look(path.Parent, folder);
        return way == Way.Open || (way == Way.Missing && EnsureParent(path.Parent) && MakeDirectory(path.Parent, ImpliedValue, []));
    }

    /// <summary>At once, as the product does.</summary>
    private bool MakeDirectory(RelativePath path, EntryValue value, ImmutableArray<Dot> dots)
    {
        if (!EnsureParent(path) || folder.Disk.Find(path) is not null) return false;
        Create(path, value, dots);
        return true;
    }

    private void Create(RelativePath path, EntryValue value, ImmutableArray<Dot> dots)
    {
        RequireOurs(path);
        // The swap replaces nothing: what came in this very batch, under another spelling, is in its way.
        if (folder.Disk.Find(path) is { } there && _placed.Contains(there)) return;
        if (folder.Disk.Find(path) is not null) throw new DecisionFailure($"{path} was to be created, but something is there.");
        Place(path, value, dots);
    }

    private bool Replace(RelativePath path, EntryValue value, ImmutableArray<Dot> dots, MaterializedRecord record)
    {
        // A directory with something unknown in it is not exchanged: the product looks at what came out, and puts it back.
        if (record.Value.Kind == EntryKind.Directory && folder.Disk.HoldsSomething(path)) return false;
        if (value.Kind == EntryKind.Directory) _directoriesToCome.Add(path);
        else if (folder.VersionsAt(path)?.DotsOf(record.Value) is { IsEmpty: false }) throw new DecisionFailure($"{path} is still a version, but was to be replaced by another.");
        Later(() =>
        {
            RequireOurs(path);
            RequireSaved(path);
            Place(path, value, dots);
        });
        return true;
    }

    private void Place(RelativePath path, EntryValue value, ImmutableArray<Dot> dots)
    {
        var node = TinyNode.Of(value);
        folder.Disk.Put(path, node);
        _placed.Add(node);
        Record(path, node, value, dots, random.Chance(0.2));
    }

    private void Adopt(RelativePath path, DesiredVersion main)
    {
        var node = There(path);
        if (!node.Value.IsSameVersionAs(main.Value)) throw new DecisionFailure($"{path} was adopted as a version that it is not.");
        bool racy = main.Value.Kind == EntryKind.File && (node.MtimeNs != main.Value.MtimeNs || node.Mode != main.Value.DiskMode);
        if (racy)
        {
            node.MtimeNs = main.Value.MtimeNs;
            node.Mode = main.Value.DiskMode;
            folder.Disk.Changed(node);
        }
        Record(path, node, main.Value, main.Dots, racy);
    }

    private void Record(RelativePath path, TinyNode node, EntryValue value, ImmutableArray<Dot> dots, bool racy)
    {
        node.ShownOf = path;
        node.Shown = dots;
        Record(new MaterializedRecord(path, dots, value, node.Stat.ToSignature(), Implied: dots.IsEmpty, Racy: racy));
    }

    private void Record(MaterializedRecord record)
    {
        folder.Records[record.Path] = record;
        if (record.Implied && folder.Disk.FindExact(record.Path) is { } node) node.Shown = [];
        Done++;
    }

    private void PutBeside(RelativePath path, DesiredVersion version)
    {
        if (!WillHaveParent(path)) return;
        var name = BesidePlan.NameFor(path, $"p{(ulong)(version.GreatestDot.Actor.Value >> 96)}", folder, _reserved.Contains);
        if (name.IsReserved)
        {
            var aside = name.Parent;
            if (folder.Disk.Find(StagingArea.Reserved) is null) folder.Disk.Put(StagingArea.Reserved, TinyNode.Of(ImpliedValue));
            if (folder.Disk.Find(aside) is null) folder.Disk.Put(aside, TinyNode.Of(ImpliedValue));
        }
        _reserved.Add(name);
        script.Note($"plan {path}: {version.GreatestDot} beside as {name}");
        Later(() =>
        {
            // The directory may still be to come, and not come.
            if (!folder.Disk.IsDirectory(name.Parent)) return;
            if (folder.Disk.Find(name) is { } there && _placed.Contains(there)) return;
            if (folder.Disk.Find(name) is not null) throw new DecisionFailure($"{name} was to be put beside, but something is there.");
            var node = TinyNode.Of(version.Value);
            folder.Disk.Put(name, node);
            _placed.Add(node);
            node.ShownOf = path;
            node.Shown = version.Dots;
            folder.ConflictFiles[name] = new ConflictFile(name, path, version.Dots, version.Value, node.Stat.ToSignature());
            Done++;
        });
    }

    private void Extend(ConflictFile file, DesiredVersion wanted)
    {
        if (folder.Disk.FindExact(file.File) is not { } node || !node.Value.IsSameVersionAs(file.Value)) return;
        // What is learned is stored before what is taken away is forgotten.
        _batch.Insert(0, () =>
        {
            node.Shown = wanted.Dots;
            folder.ConflictFiles[file.File] = file with { Dots = wanted.Dots, Signature = node.Stat.ToSignature() };
            Done++;
        });
    }

    private void Clear(RelativePath path, DesiredState desired)
    {
        foreach (var file in BesidePlan.Cleared(path, desired, folder)) TakeAway(file);
    }

    /// <summary>What the user removed has to be captured first; what they edited becomes an ordinary file.</summary>
    private void TakeAway(ConflictFile file)
    {
        if (!file.MayBe(folder.StatOrNull(file.File)) || folder.HasTwin(file.File)) return;
        Done++;
        script.Note($"plan {file.Main}: {file.File} goes from beside");
        var node = There(file.File);
        if (node.Value.IsSameVersionAs(file.Value)) folder.Disk.Remove(file.File);
        else node.Shown = [];
        folder.ConflictFiles.Remove(file.File);
    }

    private void Remove(MaterializedRecord record, DesiredState desired)
    {
        var path = record.Path;
        switch (RemovalPlan.Decide(record, folder))
        {
            case RemovalStep.Remove:
                RequireSaved(path);
                folder.Disk.Remove(path);
                break;
            case RemovalStep.RemoveIfEmpty when folder.Disk.FindExact(path) is { Kind: DiskKind.Directory } && !folder.Disk.HoldsSomething(path):
                folder.Disk.Remove(path);
                break;
            case RemovalStep.RemoveIfEmpty when folder.Disk.FindExact(path) is { Kind: DiskKind.Directory } && !record.Implied:
                Record(record with { Dots = [], Implied = true });
                return;
            default:
                return;
        }
        script.Note($"plan {path}: removed");
        Outcome = Outcome * 31 + 17;
        folder.Records.Remove(path);
        Done++;
        Clear(path, desired);
    }

    private TinyNode There(RelativePath path) => folder.Disk.FindExact(path) ?? throw new DecisionFailure($"Something was planned with {path}, which is not there.");

    private static void RequireOurs(RelativePath path)
    {
        if (path.IsReserved) throw new DecisionFailure($"{path} belongs to the program.");
        if (path.NameUtf8.Length > 255) throw new DecisionFailure($"{path} is a name that this computer cannot hold.");
    }

    private void RequireSaved(RelativePath path)
    {
        var node = There(path);
        if (node.IsUnsaved && node.Kind != DiskKind.Directory && folder.RecordAt(path)?.Value.IsSameVersionAs(node.Value) != true)
            throw new DecisionFailure($"{path} was taken away, and no version has what the user put there.");
        if (node.Kind == DiskKind.Directory && folder.Disk.HoldsSomething(path)) throw new DecisionFailure($"{path} was taken away with what is in it.");
    }
}
