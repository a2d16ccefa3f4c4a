using MagicFolder.Daemon.Configuration;
using MagicFolder.Daemon.Lifetime;
using MagicFolder.Sync;

namespace MagicFolder.Daemon.Tests;

public sealed class DaemonLockTests : IDisposable
{
    private readonly ConfigurationDirectory _directory = new(Directory.CreateTempSubdirectory("magic-folder-daemon-").FullName);

    public void Dispose() => Directory.Delete(_directory.Path, recursive: true);

    [Fact]
    public async Task IsHeldWhileSomebodyHasIt()
    {
        DaemonLock.IsHeld(new ConfigurationDirectory(Path.Combine(_directory.Path, "none"))).ShouldBeFalse();
        DaemonLock.IsHeld(_directory).ShouldBeFalse();
        using (await TakeAsync())
        {
            DaemonLock.IsHeld(_directory).ShouldBeTrue();
            (await Should.ThrowAsync<RefusedException>(TakeAsync)).Message.ShouldBe("refused");
        }
        File.Exists(_directory.LockFile).ShouldBeTrue();
        DaemonLock.IsHeld(_directory).ShouldBeFalse();
    }

    [Fact]
    public async Task WhoLooksNeitherPassesForADaemonNorKeepsOneFromStarting()
    {
        (await TakeAsync()).Dispose();
        Task<FileStream> taking;
        using (new FileStream(_directory.LockFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            DaemonLock.IsHeld(_directory).ShouldBeFalse();
            taking = TakeAsync();
            taking.IsCompleted.ShouldBeFalse();
        }
        using var taken = await taking;
        DaemonLock.IsHeld(_directory).ShouldBeTrue();
    }

    private Task<FileStream> TakeAsync() => DaemonLock.TakeAsync(_directory, "refused", TimeProvider.System, TestContext.Current.CancellationToken);
}
