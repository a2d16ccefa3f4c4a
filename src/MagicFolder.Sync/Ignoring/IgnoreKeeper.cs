using MagicFolder.FileSystem.Capturing;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Model;
using MagicFolder.Model.Ignoring;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Reporting;

namespace MagicFolder.Sync.Ignoring;

/// <summary>
/// The rules in force, from the file that all share and the one of this computer. While a file cannot be read, or makes no sense as a whole, its former rules stay in force: to look at what
/// was ignored would make versions of it, or deletions.
/// </summary>
internal sealed class IgnoreKeeper
{
    private readonly EngineParts _parts;
    private readonly EngineTools _tools;
    private readonly RuleFile _shared;
    private readonly RuleFile _local;
    private readonly StandingProblem _problem;
    private bool _isTold;

    internal IgnoreKeeper(EngineParts parts, EngineTools tools)
    {
        (_parts, _tools) = (parts, tools);
        _shared = new RuleFile(parts.Disk, IgnoreRules.SharedFile, new Settling(parts.Time));
        _local = new RuleFile(parts.Disk, LocalFile, new Settling(parts.Time));
        _problem = new StandingProblem(parts.State.Problems, "ignore");
        Rules = RulesIn(parts.State);
    }

    /// <summary>Those that were in force last.</summary>
    internal static IgnoreRules RulesIn(ParticipantDatabase state) => state.IgnoreRules.Read() is { } texts ? Parse(texts) : IgnoreRules.None;

    /// <summary>Rules of this computer alone: the program's own directory is never synchronized.</summary>
    internal static RelativePath LocalFile { get; } = StagingArea.Reserved.Child("ignore");

    internal IgnoreRules Rules { get; private set; }

    /// <summary>A file of rules is not as at the last look: whoever wrote it may have gone on to delete what it names.</summary>
    internal bool MayBeOutdated => !_shared.IsStill() || !_local.IsStill();

    /// <summary>Reads what has changed. True if other rules are in force now, so that everything has to be looked at.</summary>
    internal bool Refresh()
    {
        if (_isTold && !MayBeOutdated) return false;
        ReadIfNeeded(_shared);
        ReadIfNeeded(_local);
        var former = _parts.State.IgnoreRules.Read();
        // The one that cannot be read does not keep what the other says from being in force.
        var texts = new IgnoreTexts(IgnoreDefaults.Text, TextOf(_shared, former?.Shared), TextOf(_local, former?.Local));
        if (former?.SaysTheSameAs(texts) == true)
        {
            Tell(Rules);
            return false;
        }
        IgnoreRules rules;
        try
        {
            rules = Parse(texts);
        }
        catch (DamagedBytesException e)
        {
            Refuse(_shared.Path, e.Message);
            return false;
        }
        using (var transaction = _parts.State.Begin())
        {
            TakeBack(Rules, rules);
            _parts.State.IgnoreRules.Write(texts);
            transaction.Commit();
        }
        Rules = rules;
        Tell(rules);
        return true;
    }

    private void ReadIfNeeded(RuleFile file)
    {
        if (file.Trouble is not null || !file.IsStill()) file.Read();
    }

    private static ReadOnlyMemory<byte> TextOf(RuleFile file, ReadOnlyMemory<byte>? former) => file.Trouble is null ? file.Text : former ?? default;

    /// <summary>
    /// What is no longer ignored. Absence meant nothing meanwhile, so what is not there now was not deleted, and comes; what is there goes on from the version that it was.
    /// </summary>
    private void TakeBack(IgnoreRules former, IgnoreRules rules)
    {
        if (former.Rules.IsEmpty) return;
        var state = _parts.State;
        foreach (var record in state.Records.All())
        {
            bool isDirectory = record.Value.Kind == EntryKind.Directory;
            if (!former.Covers(record.Path, isDirectory) || rules.Covers(record.Path, isDirectory)) continue;
            if (IsGone(record.Path)) state.Records.Remove(record.Path);
            state.Pending.Add(record.Path);
        }
        foreach (var file in state.ConflictFiles.All())
        {
            bool isDirectory = file.Value.Kind == EntryKind.Directory;
            if (!former.Covers(file.Main, isDirectory) || rules.Covers(file.Main, isDirectory)) continue;
            if (IsGone(file.File)) state.ConflictFiles.Remove(file.File);
            state.Pending.Add(file.Main);
        }
        foreach (var item in _tools.OpenTree().Items())
        {
            bool isDirectory = item.Entry.Siblings.Any(sibling => sibling.Value.Kind == EntryKind.Directory);
            if (former.Covers(item.Path, isDirectory) && !rules.Covers(item.Path, isDirectory)) state.Pending.Add(item.Path);
        }
    }

    private bool IsGone(RelativePath path)
    {
        try
        {
            return !_tools.Unsettled.Covers(path) && _parts.Disk.StatOrNull(path) is null;
        }
        catch (DiskException)
        {
            return false;
        }
    }

    private static IgnoreRules Parse(IgnoreTexts texts) =>
        IgnoreRules.Parse((IgnoreSource.Defaults, texts.Defaults), (IgnoreSource.Shared, texts.Shared), (IgnoreSource.Local, texts.Local));

    private void Refuse(RelativePath file, string reason)
    {
        _isTold = false;
        _problem.Set(new Problem(file, $"{reason.TrimEnd('.')}, so the rules of before stay in force", "mend it or remove it"));
    }

    private void Tell(IgnoreRules rules)
    {
        if (_shared.Trouble is { } ofShared) Refuse(_shared.Path, ofShared);
        else if (_local.Trouble is { } ofLocal) Refuse(_local.Path, ofLocal);
        else TellFault(rules);
    }

    private void TellFault(IgnoreRules rules)
    {
        _isTold = true;
        if (rules.Rules.FirstOrDefault(rule => rule.IsFault) is { } fault)
            _problem.Set(new Problem(fault.Source == IgnoreSource.Local ? LocalFile : IgnoreRules.SharedFile, $"line {fault.Line}, '{fault.Text}', is no pattern and has no effect", "mend it (docs/ignoring.md)"));
        else _problem.Clear();
    }
}
