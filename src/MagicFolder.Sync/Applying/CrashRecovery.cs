using MagicFolder.FileSystem.Applying;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Deciding;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// After a crash: every journalled intent either happened (what was staged is in place) or did not (what was expected still is). The disk tells which, and the records are
/// brought to it. Staged things that no journal speaks of are downloads that were never swapped in, and go. Where the disk does not tell, that waits alone, and is asked again in later rounds.
/// </summary>
internal sealed class CrashRecovery(EngineParts parts, EngineTools tools)
{
    private readonly ParticipantDatabase _state = parts.State;
    private readonly FolderApplier _applier = new(parts.Disk);

    internal void Run() => Run(putOff: []);

    /// <summary>In a later round. Returns where something was settled, which has to be looked at.</summary>
    internal IReadOnlyCollection<RelativePath> RunAgain()
    {
        var places = tools.Unsettled.Places;
        // It was tried a moment ago, and nothing has changed there since.
        var putOff = places.Where(place => tools.FailedTries.PutOff(place, tools.OpenTree()) is not null).ToHashSet();
        if (putOff.Count == places.Count) return [];
        var before = tools.Unsettled.Paths.Concat(places).ToHashSet();
        Run(putOff);
        before.RemoveWhere(tools.Unsettled.Covers);
        // What stood beside it waited as well.
        return [.. before, .. before.SelectMany(_state.ConflictFiles.ForMain).Select(file => file.File)];
    }

    private void Run(HashSet<RelativePath> putOff)
    {
        var waiting = tools.Unsettled.At(putOff).ToList();
        var left = waiting.SelectMany(unsettled => unsettled.Paths).ToHashSet();
        SettleDirectoryMoves(left, waiting);
        new StagingArea(parts.Disk, tools.NextStageName).Prepare();
        SettleIntents(left, waiting);
        var before = tools.Unsettled.Places.ToList();
        tools.Unsettled.Replace(waiting);
        foreach (var place in before.Where(place => !tools.Unsettled.Places.Contains(place))) tools.FailedTries.Forget(place);
    }

    /// <summary>A directory is moved in one step: it is there, or it is not.</summary>
    private void SettleDirectoryMoves(HashSet<RelativePath> left, List<Unsettled> waiting)
    {
        foreach (var move in _state.DirectoryMoves.All())
        {
            if (left.Contains(move.From)) continue;
            try
            {
                Settle(move);
            }
            catch (DiskException e) when (!IsOfAll(e.Path))
            {
                Wait(new Unsettled(e.Path, e.Fault, [move.From, move.To], []), waiting);
            }
        }
    }

    private void Settle(DirectoryMove move)
    {
        parts.Disk.Flush([.. parts.Disk.WayTo(move.From).Concat(parts.Disk.WayTo(move.To)).Distinct()]);
        using var transaction = _state.Begin();
        if (HasMoved(move)) new MovedRecords(parts, tools, tools.OpenTree()).Recover(move);
        _state.DirectoryMoves.Remove(move);
        transaction.Commit();
    }

    private void SettleIntents(HashSet<RelativePath> left, List<Unsettled> waiting)
    {
        var all = _state.Intents.All();
        var intents = all.Where(intent => !left.Contains(intent.Path)).ToList();
        while (intents.Count > 0 && TrySettle(intents, areAll: intents.Count == all.Count) is { Count: > 0 } refused)
        {
            // Both halves of a move have the same place on the stage, and wait together.
            foreach (var together in intents.Where(intent => refused.ContainsKey(intent.Stage)).GroupBy(intent => intent.Stage))
            {
                var trouble = refused[together.Key];
                // Of a thing that cannot be looked at it is its directory that is in trouble.
                var place = together.Any(intent => intent.Path == trouble.Path) && !trouble.Path.Parent.IsRoot ? trouble.Path.Parent : trouble.Path;
                Wait(new Unsettled(place, trouble.Fault, [.. together.Select(intent => intent.Path)], [.. together.Select(intent => intent.ConflictOf).OfType<RelativePath>()]), waiting);
            }
            intents.RemoveAll(intent => refused.ContainsKey(intent.Stage));
        }
    }

    private void Wait(Unsettled unsettled, List<Unsettled> waiting)
    {
        waiting.Add(unsettled);
        tools.FailedTries.Note(unsettled.Place, tools.OpenTree(), unsettled.ToProblem(), isOfContent: false);
    }

    /// <summary>All of them or none, so that the others can be tried without those that the disk refuses, which are returned by their stage. On the disk each step may be taken twice.</summary>
    private Dictionary<RelativePath, DiskException> TrySettle(List<ApplyIntent> intents, bool areAll)
    {
        var refused = new Dictionary<RelativePath, DiskException>();
        MakeDurable(intents, refused);
        ForEach(intents, refused, intent => parts.Disk.StatOrNull(intent.Path));
        if (refused.Count > 0) return refused;
        using var transaction = _state.Begin();
        ForEach(intents, refused, SettleSecondName);
        ForEach(intents, refused, SettleAside);
        ForEach(intents, refused, intent => Settle(intent, intents));
        // What went back to its place must not be on the stage again once no journal speaks of it.
        MakeDurable(intents, refused);
        if (refused.Count > 0) return refused;
        if (areAll) _state.Intents.Clear();
        else foreach (var intent in intents) _state.Intents.Remove(intent.Id, intent.Id);
        transaction.Commit();
        return refused;
    }

    private static void ForEach(List<ApplyIntent> intents, Dictionary<RelativePath, DiskException> refused, Action<ApplyIntent> act)
    {
        foreach (var intent in intents)
        {
            if (refused.ContainsKey(intent.Stage)) continue;
            try
            {
                act(intent);
            }
            catch (DiskException e) when (!IsOfAll(e.Path))
            {
                refused.Add(intent.Stage, e);
            }
        }
    }

    /// <summary>Without the folder itself and its stage nothing can be settled.</summary>
    private static bool IsOfAll(RelativePath path) => path.IsRoot || path == StagingArea.Reserved || path == StagingArea.Directory || path.Parent == StagingArea.Directory;

    /// <summary>Where the disk numbers nothing, it has, if it is not where it was.</summary>
    private bool HasMoved(DirectoryMove move) =>
        parts.Disk.StatOrNull(move.To) is { Kind: DiskKind.Directory } there && (there.ToSignature().IsThing(move.Inode, move.Device) ?? parts.Disk.StatOrNull(move.From) is null);

    /// <summary>The disk tells what happened only as long as it does not forget: the crash may have come before the flush, and a power loss may come after this.</summary>
    private void MakeDurable(List<ApplyIntent> intents, Dictionary<RelativePath, DiskException> refused)
    {
        HashSet<RelativePath> directories = [StagingArea.Directory];
        ForEach(intents, refused, intent => directories.UnionWith(parts.Disk.WayTo(intent.Path)));
        try
        {
            parts.Disk.Flush(directories);
        }
        catch (DiskException)
        {
            MakeDurableOneByOne(intents, refused, directories);
        }
    }

    private void MakeDurableOneByOne(List<ApplyIntent> intents, Dictionary<RelativePath, DiskException> refused, HashSet<RelativePath> directories)
    {
        parts.Disk.Flush([StagingArea.Directory, RelativePath.Root]);
        var failed = new Dictionary<RelativePath, DiskException>();
        foreach (var directory in directories)
        {
            try
            {
                parts.Disk.Flush([directory]);
            }
            catch (DiskException e)
            {
                failed.Add(directory, DiskTrouble.Exception(e.Fault, directory, "flush", inner: e));
            }
        }
        ForEach(intents, refused, intent =>
        {
            // Flushing a directory may take the one that it is in, so the uppermost is the one in trouble.
            var inTrouble = parts.Disk.WayTo(intent.Path).Where(failed.ContainsKey).ToList();
            if (inTrouble.Count > 0) throw failed[inTrouble[^1]];
        });
    }

    /// <summary>Where a file system knows only plain rename, the crash may have come while what was put in place had its name on the stage as well.</summary>
    private void SettleSecondName(ApplyIntent intent)
    {
        if (intent.Kind != IntentKind.Create || parts.Disk.StatOrNull(intent.Stage) is not { } staged) return;
        if (parts.Disk.StatOrNull(intent.Path)?.ToSignature().IsThing(staged.Inode, staged.Device) is true) parts.Disk.Remove(intent.Stage);
    }

    /// <summary>Where a file system cannot exchange, the crash may have come while what was in place had no name but one on the stage, or two.</summary>
    private void SettleAside(ApplyIntent intent)
    {
        var aside = AsidePlace.Of(intent.Stage);
        if (intent.Kind != IntentKind.Replace || parts.Disk.StatOrNull(aside) is not { } held) return;
        var inPlace = parts.Disk.StatOrNull(intent.Path);
        if (inPlace?.ToSignature().IsThing(held.Inode, held.Device) is true)
        {
            parts.Disk.Remove(aside);
            return;
        }
        // What was staged has gone to its place, and what came out had only to take its name on the stage.
        if (parts.Disk.StatOrNull(intent.Stage) is null && _applier.PutNew(aside, intent.Stage).Kind == ApplyKind.Done) return;
        if (inPlace is null && _applier.PutNew(aside, intent.Path).Kind == ApplyKind.Done) return;
        KeepLeftover(intent with { Stage = aside }, FormerOf(intent));
    }

    private EntryValue FormerOf(ApplyIntent intent) =>
        _state.Records.Find(intent.Path)?.Value ?? _state.ConflictFiles.Find(intent.Path)?.Value ?? intent.Value ?? EntryValue.Directory(0, 0);

    private void Settle(ApplyIntent intent, List<ApplyIntent> all)
    {
        var inPlace = parts.Disk.StatOrNull(intent.Path)?.ToSignature();
        var onStage = parts.Disk.StatOrNull(intent.Stage)?.ToSignature();
        var partner = all.FirstOrDefault(other => other != intent && other.Stage == intent.Stage);
        bool isMove = partner is not null;
        // Before the record becomes that of what was put in place.
        var former = FormerOf(intent);
        if (intent.Kind == IntentKind.Remove)
        {
            // The other half of the move may have set the time of what this one took.
            if (partner is { Value.MtimeNs: var set } && onStage?.MtimeNs == set) intent = intent with { Expected = intent.Expected!.Value with { MtimeNs = set } };
            SettleRemoval(intent, former, inPlace, onStage, isMove);
            return;
        }
        SettlePlacing(intent, inPlace, onStage, isMove);
        if (!isMove && onStage is { } staged) KeepStaged(intent, former, staged);
    }

    /// <summary>
    /// It may have been in place, and a power loss brought it back: somebody may have written to it there and put its times back, have changed its bits, or have put something into it. Within the tick of
    /// the clock in which it was made not even its ctime tells, so it is looked at; and what was only touched is known by its number.
    /// </summary>
    private void KeepStaged(ApplyIntent intent, EntryValue former, DiskSignature staged)
    {
        var ours = intent.Staged!.Value;
        bool isOurs = staged.IsThing(ours.Inode, ours.Device) ?? staged.IsSameApartFromCtime(ours);
        if (!isOurs) KeepLeftover(intent, former);
        else if (intent.Value!.Kind == EntryKind.Directory) KeepLeftover(intent with { Expected = staged }, intent.Value);
        else KeepLeftover(intent with { Expected = DiskSignature.OfBit(ours.Executable) }, intent.Value);
    }

    private void SettlePlacing(ApplyIntent intent, DiskSignature? inPlace, DiskSignature? onStage, bool isMove)
    {
        var ours = intent.Staged!.Value;
        bool isInPlace = inPlace is { } there && (there.IsThing(ours.Inode, ours.Device) ?? LooksPut(intent, there, onStage, isMove));
        // What was staged may have got the number of what stood there, if a user had replaced that by then: on the stage it still is ours.
        bool oldIsOut = intent.Expected is { } expected && onStage is { } staged && IsThat(staged, expected) && staged.IsThing(ours.Inode, ours.Device) is not true;
        // What was staged goes from the stage in no other way than into its place, or after its intent is gone.
        bool hasLeftStage = intent.Kind == IntentKind.Create && !isMove && onStage is null;
        if (!isInPlace && !oldIsOut && !hasLeftStage) return;
        // A user may have changed or removed since what was put there. Then the signature of the journal is recorded: what differs from it is a local change made with
        // this version in front of them, and the next scan sees it.
        bool isUntouched = inPlace is { } now && now.IsSameApartFromCtime(ours);
        var signature = isUntouched ? inPlace!.Value with { Executable = ours.Executable } : ours;
        if (intent.ConflictOf is { } main)
        {
            _state.ConflictFiles.Put(new ConflictFile(intent.Path, main, intent.Dots, intent.Value!, DiskSignature.OfBit(ours.Executable)));
            return;
        }
        _state.Records.Put(new MaterializedRecord(intent.Path, intent.Dots, intent.Value!, signature, Implied: intent.Dots.IsEmpty, Racy: isUntouched));
        SeenBeside.NoteArrival(parts, intent.Path, intent.Value!);
    }

    /// <summary>Whatever a program did to it since it was out; and a directory hardly ever has the time that was recorded.</summary>
    private static bool IsThat(DiskSignature staged, DiskSignature expected) =>
        (staged.IsThing(expected.Inode, expected.Device) ?? staged.IsSameApartFromCtime(expected)) && (staged.Size == DiskSignature.DirectorySize) == (expected.Size == DiskSignature.DirectorySize);

    /// <summary>Where the disk numbers nothing: it looks like what was staged, and not like what stood there before; or it has left the stage.</summary>
    private static bool LooksPut(ApplyIntent intent, DiskSignature inPlace, DiskSignature? onStage, bool isMove) =>
        (inPlace.IsSameApartFromCtime(intent.Staged!.Value) && !(intent.Expected is { } expected && inPlace.IsSameApartFromCtime(expected))) || (onStage is null && !isMove);

    private void SettleRemoval(ApplyIntent intent, EntryValue former, DiskSignature? inPlace, DiskSignature? onStage, bool isMove)
    {
        var expected = intent.Expected!.Value;
        if (onStage is { } taken && !taken.IsSameApartFromCtime(expected))
        {
            // The crash fell between taking it away and looking at it: it was changed at the last moment, and goes back.
            if (inPlace is not null || _applier.PutNew(intent.Stage, intent.Path).Kind != ApplyKind.Done) KeepLeftover(intent, former);
            return;
        }
        if (inPlace is { } now && now.IsSameApartFromCtime(expected)) return;
        // What was taken goes from the stage only to where it is moved, or after its intent is gone. So it was never taken, and whoever removed it was a user: the scan will see.
        if (onStage is null && (!isMove || inPlace is not null)) return;
        if (onStage is not null) KeepLeftover(intent, former);
        if (intent.ConflictOf is { } main)
        {
            _state.ConflictFiles.Remove(intent.Path);
            // It may have made way for another path, and then has to stand beside its main under another name.
            _state.Pending.Add(main);
            return;
        }
        _state.Records.Remove(intent.Path);
        tools.RecheckImpliedParent(intent.Path);
    }

    private void KeepLeftover(ApplyIntent intent, EntryValue former) =>
        _state.Leftovers.Put(new StagedLeftover(intent.Stage, intent.Path, intent.Dots, former, intent.Expected ?? DiskSignature.OfBit(intent.Staged?.Executable), tools.NowMs()));

    /// <summary>
    /// Only journalled steps bring a user's file to the stage, and these are leftovers now, or were never taken, or wait. Everything else here was staged by us, but for what a failing disk left
    /// aside that nobody could be told of: it stays. Only a state that is no older than the disk knows of all: one that was brought back from a backup has to be stopped before.
    /// </summary>
    internal void RemoveUnknown()
    {
        var staging = new StagingArea(parts.Disk, tools.NextStageName);
        var known = _state.Leftovers.All().Select(leftover => leftover.Stage).Concat(_state.Intents.All().Select(intent => intent.Stage)).ToHashSet();
        foreach (var name in staging.List())
        {
            if (!StagingArea.Directory.TryChild(name.Name, out var place, out _) || known.Contains(place) || AsidePlace.Is(place)) continue;
            try
            {
                staging.Remove(place);
            }
            catch (DiskException e)
            {
                tools.ApplyProblems.Note(e.ToProblem());
            }
        }
    }
}
