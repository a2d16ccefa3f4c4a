using MagicFolder.FileSystem.Applying;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Disks.Linux;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Tests.Applying;

/// <summary>
/// Somebody edits the path in every window between two calls of the applier, in every way. Whatever they saved last is in place afterwards, or kept in the stage
/// and recognized there.
/// </summary>
public sealed class InterferenceTests : IDisposable
{
    private const int MostCalls = 26;

    private static readonly RelativePath Main = RelativePath.Parse("report");

    private readonly TempFolder _folder = new();
    private int _names;

    /// <summary>What the user did last: the content they saved, or null for a deletion.</summary>
    private string? _last;
    private bool _acted;
    private int _edits;

    public enum Step
    {
        Exchange,
        TakeAway,
        PutNew,
    }

    public enum Edit
    {
        WriteInPlace,
        SaveByRename,
        Delete,
        DeleteAndMakeAnew,
        ReplaceByDirectory,
        ReplaceByLink,
    }

    public static TheoryData<Step, bool> Steps()
    {
        var data = new TheoryData<Step, bool>();
        foreach (var step in Enum.GetValues<Step>())
        {
            data.Add(step, true);
            data.Add(step, false);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void OneEditInAnyWindowIsNeverLost(Step step, bool newCalls)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        for (int call = 0; call < MostCalls; call++)
        {
            foreach (var edit in Enum.GetValues<Edit>()) Try(step, newCalls, (call, edit));
            if (!_acted) return;
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void SeveralEditsInAnyWindowsAreNeverLost(Step step, bool newCalls)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        var random = new Random(7);
        var kinds = Enum.GetValues<Edit>();
        for (int trial = 0; trial < 100; trial++)
        {
            var edits = new (int, Edit)[random.Next(2, 7)];
            for (int i = 0; i < edits.Length; i++) edits[i] = (random.Next(MostCalls), kinds[random.Next(kinds.Length)]);
            Try(step, newCalls, edits);
        }
    }

    [Fact]
    public void AnEditBeforeEveryCallEndsAndIsNeverLost()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        foreach (var edit in new[] { Edit.WriteInPlace, Edit.SaveByRename, Edit.DeleteAndMakeAnew })
            Try(Step.Exchange, newCalls: true, [.. Enumerable.Range(2, 200).Select(call => (call, edit))]);
    }

    public void Dispose() => _folder.Dispose();

    private void Try(Step step, bool newCalls, params (int Call, Edit Edit)[] edits)
    {
        if (!OperatingSystem.IsLinux()) return;
        var root = Directory.CreateDirectory(_folder.At($"{++_names}")).FullName;
        using var real = LinuxDisk.Open(root, newCalls ? LinuxFeatures.All : LinuxFeatures.None);
        var staging = new StagingArea(real, () => "stage");
        staging.Prepare();
        var file = Path.Combine(root, "report");
        DiskSignature expected = default;
        if (step != Step.PutNew)
        {
            File.WriteAllText(file, "old");
            real.SetAttributes(Main, 1_000_000_000_000, null);
            expected = real.Stat(Main)!.Value.ToSignature();
        }
        var stage = StagingArea.Directory.Child("stage");
        if (step != Step.TakeAway)
        {
            using var staged = staging.Create();
            staged.Write(0, "ours"u8);
            staged.Finish(2_000_000_000_000, 0x1A4);
        }
        var ours = real.Stat(stage)?.ToSignature() ?? default;
        (_acted, _last) = (false, null);
        var disk = new InterferingDisk(real);
        foreach (var (call, edit) in edits) disk.Before(call, () => Act(file, edit));
        var applier = new FolderApplier(disk);
        var outcome = step switch
        {
            Step.Exchange => applier.Exchange(stage, Main, expected),
            Step.TakeAway => applier.TakeAway(Main, stage, expected),
            _ => applier.PutNew(stage, Main),
        };

        var what = $"{step}, {string.Join(' ', edits)}, {outcome.Kind}, {disk.Calls} calls";
        outcome.Kind.ShouldNotBe(ApplyKind.Failed, what);
        if (!_acted) outcome.Kind.ShouldBe(ApplyKind.Done, what);
        if (_last is null) return;
        if (Content(file) == _last) return;
        var held = Path.Combine(root, stage.ToString());
        Content(held).ShouldBe(_last, what);
        // In the stage: then the caller is told, or finds out before removing it.
        if (outcome.Kind == ApplyKind.KeptAside) return;
        new FolderApplier(real).InspectSwappedOut([(stage, stat => stat.IsStill(outcome.StageHoldsOld ? expected : ours))])[0].ShouldBe(SwappedOut.Changed, what);
    }

    private void Act(string file, Edit edit)
    {
        var content = $"edit number {++_edits} of the user";
        _acted = true;
        switch (edit)
        {
            case Edit.WriteInPlace when File.Exists(file) && new FileInfo(file).LinkTarget is null:
                File.WriteAllText(file, content);
                break;
            case Edit.SaveByRename when !Directory.Exists(file):
                File.WriteAllText(file + ".tmp", content);
                File.Move(file + ".tmp", file, overwrite: true);
                break;
            case Edit.Delete:
                Clear(file);
                _last = null;
                return;
            case Edit.ReplaceByDirectory:
                Clear(file);
                Directory.CreateDirectory(file);
                File.WriteAllText(Path.Combine(file, "inside"), content);
                break;
            case Edit.ReplaceByLink:
                Clear(file);
                File.CreateSymbolicLink(file, content);
                break;
            default:
                Clear(file);
                File.WriteAllText(file, content);
                break;
        }
        _last = content;
    }

    private static void Clear(string file)
    {
        if (new FileInfo(file).LinkTarget is null && Directory.Exists(file)) Directory.Delete(file, recursive: true);
        else File.Delete(file);
    }

    private static string? Content(string file)
    {
        if (new FileInfo(file).LinkTarget is { } target) return target;
        if (Directory.Exists(file)) return Content(Path.Combine(file, "inside"));
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }
}
