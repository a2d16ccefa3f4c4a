using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State;

namespace MagicFolder.Sync.Tests.Folders;

/// <summary>States from before the number of the folder's disk was noted.</summary>
public sealed class FolderDiskTests : IDisposable
{
    private const ulong Foreign = 999_999;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory();
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory();
    private readonly ParticipantDatabase _state;
    private readonly IDisk _disk;

    public FolderDiskTests() => (_disk, _state) = (LocalDisk.Open(_directory.FullName), ParticipantDatabase.Open(Path.Combine(_place.FullName, "state.db")));

    public void Dispose()
    {
        _disk.Dispose();
        _state.Dispose();
        _directory.Delete(recursive: true);
        _place.Delete(recursive: true);
    }

    [Fact]
    public void TheSameDirectoriesUnderAnotherNumberAreOnTheFoldersDisk()
    {
        Record("d", Foreign);
        Record("e", Foreign);
        Record("d/f", Foreign);
        FolderDisk.Recognize(_disk, _state);
        Devices().ShouldBe([Own, Own, Own]);
        _state.FolderDisk.Read().ShouldBe(Own);
    }

    [Fact]
    public void WhatIsMountedInsideStaysOnAnother()
    {
        Record("d", Own);
        Record("mnt", Foreign);
        FolderDisk.Recognize(_disk, _state);
        Devices().ShouldBe([Own, Foreign]);
        _state.FolderDisk.Read().ShouldBe(Own);
    }

    [Fact]
    public void AnotherDirectoryOfTheNameIsAMountThatIsAway()
    {
        Record("mnt", Foreign, inode: 2);
        FolderDisk.Recognize(_disk, _state);
        Devices().ShouldBe([Foreign]);
        _state.FolderDisk.Read().ShouldBe(Own);
    }

    private ulong Own => _disk.Stat(RelativePath.Root)!.Value.Device;

    private ulong[] Devices() => [.. _state.Records.Directories().OrderBy(record => record.Path).Select(record => record.Signature.Device)];

    private void Record(string path, ulong device, ulong? inode = null)
    {
        _directory.CreateSubdirectory(path);
        var parsed = RelativePath.Parse(path);
        var signature = _disk.Stat(parsed)!.Value.ToSignature() with { Device = device };
        _state.Records.Put(new MaterializedRecord(parsed, [], EntryValue.Directory(0, 0x1ED), inode is { } other ? signature with { Inode = other } : signature, Implied: true));
    }
}
