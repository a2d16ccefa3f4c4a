using System.Diagnostics;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>A crash, or a failure, half-way through an exchange where the file system has none, so that what is in place gets a second name first (docs/decisions/0004-safe-replacement.md).</summary>
public sealed class ExchangeTests
{
    private const string Aside = ".aside";

    public enum Dies
    {
        WithNothingInPlace,
        WithSomethingNewInPlace,
        WithOursInPlace,
    }

    [Theory]
    [InlineData(Dies.WithNothingInPlace)]
    [InlineData(Dies.WithSomethingNewInPlace)]
    [InlineData(Dies.WithOursInPlace)]
    public async Task AnEditThatCameOutAtTheLastMomentSurvivesACrash(Dies where)
    {
        using var all = await StartAsync();
        string file = all.World.At("bob", "file");
        BreakExchange(all, stage =>
        {
            all.World.Write("bob", "file", "by bob");
            File.Move(file, stage + Aside);
            if (where == Dies.WithSomethingNewInPlace) all.World.Write("bob", "file", "newest");
            if (where == Dies.WithOursInPlace) File.Move(stage, file);
            throw new InvalidOperationException("the power is gone");
        });
        await Should.ThrowAsync<InvalidOperationException>(() => all.RunAsync("bob"));
        all.UsePlainDisk("bob");
        await all.RunWellAsync("bob", "alice");

        all.Contents("bob").ShouldBe(where == Dies.WithSomethingNewInPlace ? ["by alice", "by bob", "newest"] : ["by alice", "by bob"]);
        all.Contents("alice").ShouldBe(all.Contents("bob"));
        Staged(all).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatIsInPlaceAndOnlyHasASecondNameIsOneFile()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a hard link");
        using var all = await StartAsync();
        BreakExchange(all, stage =>
        {
            Process.Start("ln", [all.World.At("bob", "file"), stage + Aside])!.WaitForExit();
            File.Exists(stage + Aside).ShouldBeTrue();
            throw new InvalidOperationException("the power is gone");
        });
        await Should.ThrowAsync<InvalidOperationException>(() => all.RunAsync("bob"));
        all.UsePlainDisk("bob");
        await all.RunWellAsync("bob", "alice");

        all.Contents("bob").ShouldBe(["by alice"]);
        all.World.Names("bob").ShouldBe(["file"]);
        Staged(all).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnEditThatCameOutAtTheLastMomentSurvivesAFailure(bool isPlaceTaken)
    {
        using var all = await StartAsync();
        BreakExchange(all, stage =>
        {
            all.World.Write("bob", "file", "by bob");
            File.Move(all.World.At("bob", "file"), stage + Aside);
            if (isPlaceTaken) all.World.Write("bob", "file", "newest");
            throw new DiskException(DiskFault.Io, RelativePath.Parse("file"), "injected");
        });
        await all.RunAsync("bob");
        all.UsePlainDisk("bob");
        await all.RunWellAsync("bob", "alice");

        all.Contents("bob").ShouldBe(isPlaceTaken ? ["by alice", "by bob", "newest"] : ["by alice", "by bob"]);
        all.Contents("alice").ShouldBe(all.Contents("bob"));
        all.World.Read("bob", "file").ShouldNotBeNull("nobody deleted it");
        Staged(all).ShouldBeEmpty();
    }

    private static async Task<Neighbourhood> StartAsync()
    {
        var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "file", "first");
        await all.RunWellAsync("alice", "bob");
        all.World.Write("alice", "file", "by alice");
        await all.RunWellAsync("alice");
        return all;
    }

    private static void BreakExchange(Neighbourhood all, Action<string> instead)
    {
        bool acted = false;
        all.UseDisk("bob", disk => new ActingDisk(disk, (call, path) =>
        {
            if (acted || call != nameof(ActingDisk.Move) || !path.IsReserved) return;
            acted = true;
            instead(all.World.At("bob", path.ToString()));
        }));
    }

    private static string[] Staged(Neighbourhood all) => [.. Directory.GetFileSystemEntries(all.World.At("bob", ".magic-folder/staging")).Select(Path.GetFileName).OfType<string>()];
}
