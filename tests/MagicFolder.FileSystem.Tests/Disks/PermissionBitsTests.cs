using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Tests.Disks;

public sealed class PermissionBitsTests : IDisposable
{
    private static readonly RelativePath Probe = RelativePath.Parse(".magic-folder").Child("bits");

    private readonly TempFolder _folder = new();
    private readonly IDisk _disk;

    public PermissionBitsTests() => _disk = LocalDisk.Open(_folder.Root);

    public void Dispose()
    {
        _disk.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void AnOrdinaryDiskHoldsThemAndNothingIsLeftOfTheTrial()
    {
        _disk.CreateDirectory(Probe.Parent, 0x1C0);
        PermissionBits.AreHeld(_disk).ShouldBe(!OperatingSystem.IsWindows());
        _disk.List(Probe.Parent).ShouldBeEmpty();
    }

    [Fact]
    public void WhatACrashLeftIsNotInTheWay()
    {
        _disk.CreateDirectory(Probe.Parent, 0x1C0);
        _disk.CreateFile(Probe, 0x180).Dispose();
        PermissionBits.AreHeld(_disk).ShouldBe(!OperatingSystem.IsWindows());
    }

    [Fact]
    public void WhereNothingCanBeTriedNobodyKnows() => PermissionBits.AreHeld(_disk).ShouldBeNull();

    [Fact]
    public void ADiskWithoutThemSaysOfNoFileWhetherItIsExecutable()
    {
        var file = RelativePath.Parse("file");
        _disk.CreateFile(file, 0x1ED).Dispose();
        _disk.Stat(file)!.Value.Executable.ShouldBe(!OperatingSystem.IsWindows());
        new BitlessDisk(_disk).Stat(file)!.Value.Executable.ShouldBeNull();
        new BitlessDisk(_disk).List(RelativePath.Root).ShouldHaveSingleItem().Stat.ToSignature().Executable.ShouldBeNull();
    }
}
