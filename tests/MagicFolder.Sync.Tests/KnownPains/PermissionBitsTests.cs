using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Explaining;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Resolving;
using MagicFolder.Sync.Scanning;
using MagicFolder.Sync.Tests.Viewing;

#pragma warning disable CA1416 // Windows has no such bits, and is not where these are run.

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>Disks that cannot hold permission bits: a bit that nobody has set is no change.</summary>
public sealed class PermissionBitsTests
{
    private const int AllExecutable = 0b111_101_101;
    private const int NoneExecutable = 0b110_100_100;

    [Theory]
    [InlineData(AllExecutable, false)]
    [InlineData(AllExecutable, true)]
    [InlineData(NoneExecutable, false)]
    [InlineData(NoneExecutable, true)]
    public async Task WhatADiskShowsOfAllFilesIsNoChangeOfAny(int mode, bool refuses)
    {
        using var all = await StartAsync(mode, refuses);
        all.World.Write("alice", "plain", "plain");
        all.World.Write("alice", "program", "program");
        MakeExecutable(all, "alice", "program");
        await all.RunWellAsync("alice", "bob");
        var before = Versions(all);

        await all.RunWellAsync("bob", "alice");
        await all.RunWellAsync("bob", "alice");

        Versions(all).ShouldBe(before);
        (IsExecutable(all, "alice", "plain"), IsExecutable(all, "alice", "program")).ShouldBe((false, true));
    }

    [Theory]
    [InlineData(AllExecutable)]
    [InlineData(NoneExecutable)]
    public async Task AnEditMadeThereLeavesTheBitAsItIs(int mode)
    {
        using var all = await StartAsync(mode);
        all.World.Write("alice", "plain", "plain");
        all.World.Write("alice", "program", "program");
        MakeExecutable(all, "alice", "program");
        File.SetUnixFileMode(all.World.At("alice", "plain"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await all.RunWellAsync("alice", "bob");

        all.World.Write("bob", "plain", "plain, by bob");
        all.World.Write("bob", "program", "program, by bob");
        await all.RunWellAsync("bob", "alice");

        all.Contents("alice").ShouldBe(["plain, by bob", "program, by bob"]);
        (IsExecutable(all, "alice", "plain"), IsExecutable(all, "alice", "program")).ShouldBe((false, true));
        File.GetUnixFileMode(all.World.At("alice", "plain")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData(AllExecutable)]
    [InlineData(NoneExecutable)]
    public async Task AChangeOfTheBitMadeElsewhereArrivesAndIsNotUndone(int mode)
    {
        using var all = await StartAsync(mode);
        all.World.Write("alice", "file", "first");
        await all.RunWellAsync("alice", "bob");
        foreach (bool executable in new[] { true, false, true })
        {
            SetExecutable(all, "alice", "file", executable);
            await all.RunWellAsync("alice", "bob");
            await all.RunWellAsync("bob", "alice");
            IsExecutable(all, "alice", "file").ShouldBe(executable);
        }

        all.World.Write("bob", "file", "second");
        await all.RunWellAsync("bob", "alice");

        all.World.Read("alice", "file").ShouldBe("second");
        IsExecutable(all, "alice", "file").ShouldBeTrue();
        all.World.Names("bob").ShouldBe(["file"]);
    }

    [Theory]
    [InlineData(AllExecutable)]
    [InlineData(NoneExecutable)]
    public async Task AnEditMadeElsewhereIsInConflictWithNothing(int mode)
    {
        using var all = await StartAsync(mode);
        foreach (string name in new[] { "plain", "program" }) all.World.Write("alice", name, "first");
        MakeExecutable(all, "alice", "program");
        await all.RunWellAsync("alice", "bob");
        foreach (string name in new[] { "plain", "program" }) all.World.Write("alice", name, "second, by alice");
        await all.RunWellAsync("bob");
        await all.RunWellAsync("alice");
        await all.RunWellAsync("bob", "alice");

        all.World.Names("bob").ShouldBe(["plain", "program"]);
        all.Contents("bob").ShouldBe(["second, by alice", "second, by alice"]);
        (IsExecutable(all, "alice", "plain"), IsExecutable(all, "alice", "program")).ShouldBe((false, true));
    }

    [Theory]
    [InlineData(AllExecutable, "mine")]
    [InlineData(AllExecutable, "alice")]
    [InlineData(NoneExecutable, "mine")]
    [InlineData(NoneExecutable, "alice")]
    public async Task AConflictIsSettledThere(int mode, string take)
    {
        using var all = await StartAsync(mode);
        await ConflictAsync(all);
        all.World.Names("bob").Count.ShouldBe(4);

        foreach (string name in new[] { "plain", "program" }) await ResolveAsync(all, "bob", name, take);
        await all.RunWellAsync("bob", "alice");

        all.World.Names("bob").ShouldBe(["plain", "program"]);
        string winner = take == "mine" ? "by bob" : "by alice";
        all.Contents("alice").ShouldBe([$"{winner}: plain", $"{winner}: program"]);
        all.ShouldShowTheSame("alice", "bob");
        (IsExecutable(all, "alice", "plain"), IsExecutable(all, "alice", "program")).ShouldBe((false, true));
    }

    [Theory]
    [InlineData(AllExecutable)]
    [InlineData(NoneExecutable)]
    public async Task AConflictFileThatNobodyTouchedGoesWhenTheConflictIsSettledElsewhere(int mode)
    {
        using var all = await StartAsync(mode);
        await ConflictAsync(all);

        foreach (string path in all.World.Names("alice").Where(path => path.Contains("conflict", StringComparison.Ordinal))) all.World.Delete("alice", path);
        await all.RunWellAsync("alice");
        await all.RunWellAsync("bob", "alice");

        all.World.Names("bob").ShouldBe(["plain", "program"]);
        all.ShouldShowTheSame("alice", "bob");
    }

    [Fact]
    public async Task TwoSuchDisksOfOppositeKindComeToRest()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob", "carol");
        all.UseDisk("bob", disk => new FixedBitsDisk(disk, AllExecutable));
        all.UseDisk("carol", disk => new FixedBitsDisk(disk, NoneExecutable));
        all.World.Write("alice", "program", "by alice");
        MakeExecutable(all, "alice", "program");
        all.World.Write("bob", "of bob", "by bob");
        all.World.Write("carol", "of carol", "by carol");
        await all.RunWellAsync("alice", "bob", "carol");
        all.World.Write("bob", "of carol", "edited by bob");
        all.World.Write("carol", "of bob", "edited by carol");
        await all.RunWellAsync("alice", "bob", "carol");
        var before = Versions(all);
        foreach (string name in new[] { "bob", "carol", "alice" }) await all.RunWellAsync(name);

        Versions(all).ShouldBe(before);
        all.ShouldShowTheSame("alice", "bob", "carol");
        all.World.Names("alice").ShouldBe(["of bob", "of carol", "program"]);
        (IsExecutable(all, "alice", "program"), IsExecutable(all, "alice", "of bob"), IsExecutable(all, "alice", "of carol")).ShouldBe((true, false, false));
    }

    [Theory]
    [InlineData(AllExecutable)]
    [InlineData(NoneExecutable)]
    public async Task WhoJoinsWithTheSameFilesOrLosesTheStateMakesNoVersions(int mode)
    {
        using var all = await StartAsync(mode);
        foreach (string who in new[] { "alice", "bob" })
        {
            all.World.Write(who, "plain", "plain");
            all.World.Write(who, "program", "program");
        }
        MakeExecutable(all, "alice", "program");
        await all.RunWellAsync("alice");
        await all.RunWellAsync("bob", "alice");
        all.World.Names("bob").ShouldBe(["plain", "program"]);
        (IsExecutable(all, "alice", "plain"), IsExecutable(all, "alice", "program")).ShouldBe((false, true));

        string state = FolderConfiguration.DatabaseFile(all.World.StateDirectory, "bob");
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(state)!, Path.GetFileName(state) + "*")) File.Delete(file);
        all.World.Write("alice", "plain", "plain, second");
        all.World.Write("alice", "program", "program, second");
        await all.RunWellAsync("alice");
        await all.RunWellAsync("bob", "alice");

        all.World.Names("bob").ShouldBe(["plain", "program"]);
        all.Contents("bob").ShouldBe(["plain, second", "program, second"]);
        (IsExecutable(all, "alice", "plain"), IsExecutable(all, "alice", "program")).ShouldBe((false, true));
    }

    [Theory]
    [InlineData(AllExecutable)]
    [InlineData(NoneExecutable)]
    public async Task WhatIsNewThereIsPlainAndWhatIsRenamedKeepsItsBit(int mode)
    {
        using var all = await StartAsync(mode);
        all.World.Write("alice", "program", "program");
        MakeExecutable(all, "alice", "program");
        await all.RunWellAsync("alice", "bob");

        File.Move(all.World.At("bob", "program"), all.World.At("bob", "renamed"));
        all.World.Write("bob", "new", "new");
        await all.RunWellAsync("bob", "alice");
        await all.RunWellAsync("bob", "alice");

        all.World.Names("alice").ShouldBe(["new", "renamed"]);
        (IsExecutable(all, "alice", "new"), IsExecutable(all, "alice", "renamed")).ShouldBe((false, true));
    }

    [Fact]
    public async Task WhatIsRenamedElsewhereIsMovedThere()
    {
        using var all = await StartAsync(AllExecutable);
        all.World.Write("alice", "plain", "plain");
        await all.RunWellAsync("alice", "bob");
        ulong before = InodeOf(all, "bob", "plain");
        File.Move(all.World.At("alice", "plain"), all.World.At("alice", "renamed"));
        await all.RunWellAsync("alice");
        await all.RunWellAsync("bob");

        InodeOf(all, "bob", "renamed").ShouldBe(before);
    }

    /// <summary>A file system may be mounted in another way the next time, and a folder be copied to another disk.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhereTheDiskHoldsBitsFromNowOnOnlyWhatIsSetFromNowOnIsAChange(bool copied)
    {
        using var all = await StartAsync(AllExecutable);
        all.World.Write("alice", "plain", "plain");
        all.World.Write("alice", "program", "program");
        MakeExecutable(all, "alice", "program");
        await all.RunWellAsync("alice", "bob");
        foreach (string name in new[] { "plain", "program" }) MakeExecutable(all, "bob", name);
        if (copied) CopyAnew(all.World.At("bob", ""));
        all.UsePlainDisk("bob");
        await all.RunWellAsync("bob", "alice");
        (IsExecutable(all, "alice", "plain"), IsExecutable(all, "alice", "program")).ShouldBe((false, true));

        SetExecutable(all, "bob", "program", executable: false);
        all.World.Write("bob", "plain", "edited");
        await all.RunWellAsync("bob", "alice");
        all.World.Read("alice", "plain").ShouldBe("edited");
        (IsExecutable(all, "alice", "plain"), IsExecutable(all, "alice", "program")).ShouldBe((false, false));

        SetExecutable(all, "bob", "plain", executable: false);
        await all.RunWellAsync("bob", "alice");
        SetExecutable(all, "bob", "plain", executable: true);
        await all.RunWellAsync("bob", "alice");
        (IsExecutable(all, "alice", "plain"), IsExecutable(all, "alice", "program")).ShouldBe((true, false));
    }

    [Theory]
    [InlineData(AllExecutable)]
    [InlineData(NoneExecutable)]
    public async Task WhereTheDiskHoldsNoBitsFromNowOnNothingChanges(int mode)
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "plain", "plain");
        all.World.Write("alice", "program", "program");
        MakeExecutable(all, "alice", "program");
        await all.RunWellAsync("alice", "bob");
        CopyAnew(all.World.At("bob", ""));
        all.UseDisk("bob", disk => new FixedBitsDisk(disk, mode));
        var before = Versions(all);
        await all.RunWellAsync("bob", "alice");

        Versions(all).ShouldBe(before);
        (IsExecutable(all, "alice", "plain"), IsExecutable(all, "alice", "program")).ShouldBe((false, true));
    }

    [Fact]
    public async Task WhatIsThereIsToldToBeAsRecorded()
    {
        using var all = await StartAsync(AllExecutable);
        await ConflictAsync(all);
        foreach (string name in all.World.Names("bob")) MakeExecutable(all, "bob", name);
        await all.RunWellAsync("bob");

        using var view = all.World.View("bob");
        foreach (string name in all.World.Names("bob")) PathExplainer.Explain(view, RelativePath.Parse(name), log: null).Disk.ShouldBe(DiskFinding.AsRecorded, name);
    }

    private static async Task<Neighbourhood> StartAsync(int mode, bool refuses = false)
    {
        var all = await Neighbourhood.StartAsync("alice", "bob");
        all.UseDisk("bob", disk => new FixedBitsDisk(disk, mode, refuses));
        return all;
    }

    /// <summary>Of two files, one executable, edited by both at the same time.</summary>
    private static async Task ConflictAsync(Neighbourhood all)
    {
        foreach (string name in new[] { "plain", "program" }) all.World.Write("alice", name, "first");
        MakeExecutable(all, "alice", "program");
        await all.RunWellAsync("alice", "bob");
        foreach (string name in new[] { "plain", "program" })
        {
            all.World.Write("alice", name, $"by alice: {name}");
            all.World.Write("bob", name, $"by bob: {name}");
        }
        await all.RunWellAsync("alice", "bob");
        await all.RunWellAsync("bob", "alice");
        (IsExecutable(all, "alice", "plain"), IsExecutable(all, "alice", "program")).ShouldBe((false, true));
    }

    private static async Task ResolveAsync(Neighbourhood all, string who, string path, string take)
    {
        await using var session = await all.OpenAsync(who);
        var result = await new ConflictResolver(session, session.Participants.Single()).ResolveAsync(RelativePath.Parse(path), take, TestContext.Current.CancellationToken);
        result.IsSettled.ShouldBeTrue();
    }

    private static string[] Versions(Neighbourhood all) => [.. all.World.Folder.Participants.Select(participant =>
    {
        using var view = all.World.View(participant.Name);
        return $"{participant.Name} {view.State.Versions.Read()!.Root}";
    })];

    private static ulong InodeOf(Neighbourhood all, string who, string path)
    {
        using var disk = LocalDisk.Open(all.World.At(who, ""));
        return disk.Stat(RelativePath.Parse(path))!.Value.Inode;
    }

    private static bool IsExecutable(Neighbourhood all, string who, string path) => (File.GetUnixFileMode(all.World.At(who, path)) & UnixFileMode.UserExecute) != 0;

    private static void MakeExecutable(Neighbourhood all, string who, string path) => SetExecutable(all, who, path, executable: true);

    private static void SetExecutable(Neighbourhood all, string who, string path, bool executable)
    {
        var mode = File.GetUnixFileMode(all.World.At(who, path));
        File.SetUnixFileMode(all.World.At(who, path), executable ? mode | UnixFileMode.UserExecute : mode & ~UnixFileMode.UserExecute);
    }

    /// <summary>All files get other numbers; times and bits stay.</summary>
    private static void CopyAnew(string directory)
    {
        foreach (string file in Directory.EnumerateFiles(directory))
        {
            File.Copy(file, file + ".copy");
            File.SetLastWriteTimeUtc(file + ".copy", File.GetLastWriteTimeUtc(file));
            File.Move(file + ".copy", file, overwrite: true);
        }
    }
}
