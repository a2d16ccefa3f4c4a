using System.IO.MemoryMappedFiles;

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>Programs that write in ways of their own.</summary>
public sealed class FileTests
{
    private static readonly DateTime Epoch = DateTime.UnixEpoch;

    public static TheoryData<DateTime> OddTimes => new(Epoch, Epoch.AddDays(-4000), new DateTime(2155, 5, 5, 5, 5, 5, DateTimeKind.Utc));

    [Theory]
    [MemberData(nameof(OddTimes))]
    public async Task AnMtimeOfZeroOrInTheFutureTravelsAndHidesNoEdit(DateTime mtime)
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "file", "first");
        File.SetLastWriteTimeUtc(all.World.At("alice", "file"), mtime);
        await all.RunWellAsync("alice", "bob");
        File.GetLastWriteTimeUtc(all.World.At("bob", "file")).ShouldBe(mtime);

        all.World.Write("bob", "file", "other");
        File.SetLastWriteTimeUtc(all.World.At("bob", "file"), mtime);
        await all.RunWellAsync("bob", "alice");
        all.World.Read("alice", "file").ShouldBe("other");
        all.World.Names("alice").ShouldBe(["file"]);
    }

    [Fact]
    public async Task AnMtimeBeyondWhatNanosecondsCanSayArrivesAsTheLastOneThatTheyCan()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "file", "first");
        File.SetLastWriteTimeUtc(all.World.At("alice", "file"), new DateTime(2400, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.SkipUnless(File.GetLastWriteTimeUtc(all.World.At("alice", "file")).Year == 2400, "The file system here knows no such times.");
        await all.RunWellAsync("alice", "bob");
        File.GetLastWriteTimeUtc(all.World.At("bob", "file")).Year.ShouldBe(2262);

        all.World.Write("alice", "file", "other");
        File.SetLastWriteTimeUtc(all.World.At("alice", "file"), new DateTime(2401, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await all.RunWellAsync("alice", "bob");
        all.World.Read("bob", "file").ShouldBe("other");
    }

    [Fact]
    public async Task AFileRewrittenInPlaceWithTheSameSizeAndMtimeIsAnEdit()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "file", "first");
        File.SetLastWriteTimeUtc(all.World.At("alice", "file"), new DateTime(2020, 2, 2, 2, 2, 2, DateTimeKind.Utc));
        await all.RunWellAsync("alice", "bob");
        foreach (string text in new[] { "2nd..", "3rd..", "4th.." })
        {
            var mtime = File.GetLastWriteTimeUtc(all.World.At("alice", "file"));
            using (var file = new FileStream(all.World.At("alice", "file"), FileMode.Open)) file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            File.SetLastWriteTimeUtc(all.World.At("alice", "file"), mtime);
            await all.RunWellAsync("alice", "bob");
            all.World.Read("bob", "file").ShouldBe(text);
        }
        all.World.Names("bob").ShouldBe(["file"]);
    }

    [Fact]
    public async Task AFileThatGrowsForeverIsReportedAndStopsNothingElse()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.UseDisk("alice", disk => new ActingDisk(disk, (call, path) =>
        {
            if (call == nameof(ActingDisk.Stat) && path.Name == "log") File.AppendAllText(all.World.At("alice", "log"), "one line more\n");
        }));
        all.World.Write("alice", "log", "first line\n");
        all.World.Write("alice", "zebra", "content");
        (await all.RunAsync("alice", "bob")).ShouldHaveSingleItem().ShouldContain("log");
        all.World.Read("bob", "zebra").ShouldBe("content");
        all.World.Read("bob", "log").ShouldBeNull();

        all.UsePlainDisk("alice");
        await all.RunWellAsync("alice", "bob");
        all.ShouldShowTheSame("alice", "bob");
    }

    [Fact]
    public async Task AnEditorThatSavesByRenameMakesEditsAndNoDeletions()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "file", "first");
        all.World.Write("alice", "other", "stays");
        await all.RunWellAsync("alice", "bob");
        for (int save = 0; save < 4; save++)
        {
            string file = all.World.At("alice", "file");
            if (save % 2 == 0)
            {
                File.WriteAllText(file + ".tmp", $"save {save}");
                File.Move(file + ".tmp", file, overwrite: true);
            }
            else
            {
                // As some do: away with the old one, then write, then drop it.
                File.Move(file, file + "~");
                File.WriteAllText(file, $"save {save}");
                File.Delete(file + "~");
            }
            await all.RunWellAsync("alice", "bob");
            all.World.Read("bob", "file").ShouldBe($"save {save}");
            all.World.Names("bob").ShouldBe(["file", "other"]);
        }
    }

    [Fact]
    public async Task ASaveByRenameInTheMomentOfTheSwapStandsBesideTheOther()
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "file", "first");
        await all.RunWellAsync("alice", "bob");
        all.World.Write("alice", "file", "by alice");
        await all.RunWellAsync("alice");
        bool acted = false;
        all.UseDisk("bob", disk => new ActingDisk(disk, (call, path) =>
        {
            if (acted || call != nameof(ActingDisk.Move)) return;
            acted = true;
            all.World.Write("bob", "saved", "by bob");
            File.Move(all.World.At("bob", "saved"), all.World.At("bob", "file"), overwrite: true);
        }));
        await all.RunWellAsync("bob", "alice");

        acted.ShouldBeTrue();
        all.Contents("bob").ShouldBe(["by alice", "by bob"]);
        all.Contents("alice").ShouldBe(["by alice", "by bob"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatAProgramWritesToAFileThatItKeptOpenAcrossTheSwapIsKept(bool mapped)
    {
        using var all = await Neighbourhood.StartAsync("alice", "bob");
        all.World.Write("alice", "file", "first version");
        await all.RunWellAsync("alice", "bob");
        all.World.Write("alice", "file", "the second, by alice");
        await all.RunWellAsync("alice");

        using (var file = new FileStream(all.World.At("bob", "file"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            await all.RunAsync("bob");
            if (mapped)
            {
                using var map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
                using var view = map.CreateViewAccessor();
                view.WriteArray(0, "LATER"u8.ToArray(), 0, 5);
            }
            else
            {
                file.Write("LATER"u8);
                file.Flush();
            }
            await all.RunAsync("bob");
        }
        await all.RunAsync("bob", "alice");
        await all.RunAsync("alice", "bob");

        foreach (string name in new[] { "alice", "bob" })
            all.Contents(name).ShouldBe(["LATER version", "the second, by alice"], name);
    }
}
