using MagicFolder.Grid.Servers;
using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Tests.Servers;

public sealed partial class DirectoryShareServerTests
{
    [Fact]
    public async Task AMissingDirectoryIsUnavailableAndNamed()
    {
        var failure = await Should.ThrowAsync<GridException>(() => _grid.OpenAsync());
        failure.Failure.ShouldBe(GridFailure.Unavailable);
        failure.Message.ShouldContain(_grid.Root);
        failure.IsPermanent.ShouldBeFalse();
    }

    [Fact]
    public async Task AnEmptyMountPointIsNotTakenForANewGrid()
    {
        Directory.CreateDirectory(_grid.Root);
        var failure = await Should.ThrowAsync<GridException>(() => _grid.OpenAsync());
        failure.Failure.ShouldBe(GridFailure.Unavailable);
        Directory.EnumerateFileSystemEntries(_grid.Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task ADriveThatGoesAwayWhileItIsUsedIsUnavailableAndNotEmpty()
    {
        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), new byte[100]);
        Directory.Move(_grid.Root, _grid.Root + ".away");
        Directory.CreateDirectory(_grid.Root);

        foreach (var attempt in (Func<Task>[])
        [
            () => server.ListSharesAsync(Index(1), default),
            () => server.OpenShareAsync(Index(1), 0, default),
            () => server.AddOrRenewLeaseAsync(Index(1), Lease(1), default),
            () => PutAsync(server, Index(2), new byte[100]),
            () => WriteMutableAsync(server, Index(3), [], "x"u8.ToArray()),
            () => server.DeleteUnleasedAsync(Index(1), null, default),
            () => server.EndLeaseAsync(Index(1), Lease(1), default),
        ])
        {
            (await Should.ThrowAsync<GridException>(attempt)).Failure.ShouldBe(GridFailure.Unavailable);
        }

        Directory.EnumerateFileSystemEntries(_grid.Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task CreatingRefusesADirectoryThatIsNotEmpty()
    {
        await _grid.CreateAsync();
        (await Should.ThrowAsync<GridException>(() => _grid.CreateAsync())).Failure.ShouldBe(GridFailure.Denied);
    }

    [Theory]
    [InlineData()]
    [InlineData("locks")]
    [InlineData("locks", "magic-folder-grid.new")]
    [InlineData("locks", "magic-folder-grid", "nodeid.new")]
    public async Task ACreationThatACrashInterruptedIsCompletedByOpening(params string[] there)
    {
        Directory.CreateDirectory(Path.Combine(_grid.Root, "shares"));
        foreach (var name in there)
        {
            var path = Path.Combine(_grid.Root, name);
            if (name == "locks")
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                await File.WriteAllTextAsync(path, name == "magic-folder-grid" ? "magic-folder-grid 1\n" : "ma");
            }
        }

        var server = await _grid.OpenAsync();
        (await PutAsync(server, Index(1), new byte[5])).ShouldBeTrue();
        (await File.ReadAllTextAsync(Path.Combine(_grid.Root, "magic-folder-grid"))).ShouldBe("magic-folder-grid 1\n");
        _grid.Files.ShouldNotContain(file => file.EndsWith(".new", StringComparison.Ordinal) && !there.Contains(Path.GetFileName(file)));
    }

    [Fact]
    public async Task ManyOpeningsAtOnceAgreeOnTheNodeId()
    {
        Directory.CreateDirectory(Path.Combine(_grid.Root, "shares"));
        var servers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(_grid.OpenAsync)));
        servers.Select(server => server.Identity.ToString()).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task TheNodeIdIsMadeOnce()
    {
        var first = await _grid.CreateAsync();
        var second = await _grid.OpenAsync();
        second.Identity.NodeId.ToArray().ShouldBe(first.Identity.NodeId.ToArray());
        first.Identity.NodeId.ToArray().ShouldContain(b => b != 0);
    }

    [Fact]
    public async Task AGridOfANewerFormatIsRefusedAndLeftAlone()
    {
        await _grid.CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(_grid.Root, "magic-folder-grid"), "magic-folder-grid 2\nfeature: unheard-of\n");
        (await Should.ThrowAsync<GridException>(() => _grid.OpenAsync())).Failure.ShouldBe(GridFailure.NewerFormat);
    }

    [Theory]
    [InlineData("")]
    [InlineData("something else")]
    [InlineData("magic-folder-grid")]
    [InlineData("magic-folder-grid 0\n")]
    [InlineData("magic-folder-grid -1\n")]
    public async Task AMarkerThatIsNoneIsDamage(string text)
    {
        await _grid.CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(_grid.Root, "magic-folder-grid"), text);
        (await Should.ThrowAsync<GridException>(() => _grid.OpenAsync())).Failure.ShouldBe(GridFailure.Damaged);
    }

    [Fact]
    public async Task TheStorageOfARealServerIsAcceptedWithoutAMarker()
    {
        Fixtures.CopyStorageTo(_grid.Root);
        var server = await _grid.OpenAsync();
        var slots = _grid.Slots.ToList();
        slots.Count.ShouldBe(Fixtures.Shares.Count());
        foreach (var slot in slots)
        {
            (await server.ListSharesAsync(slot, default)).ShouldBe([0]);
            await using var share = await server.OpenShareAsync(slot, 0, default);
            var data = new byte[share.Length];
            await share.ReadAsync(0, data, default);
            // The first four bytes of a CHK share are its version; the first byte of a mutable one is 0 (SDMF) or 1 (MDMF).
            (data[0] is 0 or 1).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task LeftoversOfDeadUploadersAreRemovedAndLivingOnesAreNot()
    {
        var server = await _grid.CreateAsync();
        await using var living = await server.BeginUploadAsync(Index(1), 0, 3, Lease(1), default);
        living.ShouldNotBeNull();
        await living.WriteAsync("abc"u8.ToArray(), default);
        var incoming = Path.Combine(_grid.Root, "shares", "incoming");
        var livingFile = Directory.EnumerateFiles(incoming).ShouldHaveSingleItem();
        var dead = Path.Combine(incoming, $"{Index(2)}.0.dead");
        var recent = Path.Combine(incoming, $"{Index(2)}.0.recent");
        var tahoe = Path.Combine(incoming, "aa", Index(3).ToString(), "0");
        Directory.CreateDirectory(Path.GetDirectoryName(tahoe)!);
        foreach (var file in (string[])[dead, recent, tahoe])
        {
            await File.WriteAllTextAsync(file, "partial");
        }

        foreach (var file in (string[])[dead, tahoe, livingFile])
        {
            File.SetLastWriteTimeUtc(file, _grid.Time.Now.UtcDateTime.AddMinutes(-11));
        }

        File.SetLastWriteTimeUtc(recent, _grid.Time.Now.UtcDateTime.AddMinutes(-9));

        var other = await _grid.OpenAsync();
        Directory.EnumerateFiles(incoming, "*", SearchOption.AllDirectories).Order().ShouldBe(new[] { livingFile, recent }.Order());
        (await other.ListSharesAsync(Index(2), default)).ShouldBeEmpty();
        (await living.FinishAsync(default)).ShouldBeTrue();
        (await other.ListSharesAsync(Index(1), default)).ShouldBe([0]);
    }

    [Fact]
    public async Task FilesAndDirectoriesAreForThisUserAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var server = await _grid.CreateAsync();
        await PutAsync(server, Index(1), new byte[10]);
        await WriteMutableAsync(server, Index(2), [], "x"u8.ToArray());
        foreach (var file in _grid.Files)
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }

        foreach (var directory in Directory.EnumerateDirectories(_grid.Root, "*", SearchOption.AllDirectories).Append(_grid.Root))
        {
            File.GetUnixFileMode(directory).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, directory);
        }
    }
}
