using System.Text;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Marking;
using MagicFolder.Model;

namespace MagicFolder.FileSystem.Tests.Marking;

public sealed class MarkerFileTests : IDisposable
{
    private static readonly FolderMarker Some = new(new FolderId(0x0123456789abcdef), "alice");

    private readonly TempFolder _folder = new();
    private readonly IDisk _disk;
    private readonly MarkerFile _marker;

    public MarkerFileTests()
    {
        _disk = LocalDisk.Open(_folder.Root);
        _marker = new MarkerFile(_disk);
    }

    [Fact]
    public void MissingIsNull()
    {
        _marker.Read().ShouldBeNull();
        Directory.CreateDirectory(_folder.At(".magic-folder"));
        _marker.Read().ShouldBeNull();
    }

    [Fact]
    public void WhatIsWrittenIsReadAndNothingElseIsLeft()
    {
        _marker.Write(Some);
        _marker.Read().ShouldBe(Some);
        var other = Some with { Participant = "böb \"the builder\"" };
        _marker.Write(other);
        _marker.Read().ShouldBe(other);
        Directory.GetFiles(_folder.At(".magic-folder")).ShouldBe([_folder.At(".magic-folder/folder.json")]);
        _disk.Stat(MarkerFile.Path)!.Value.Mode.ShouldBe(0x180);
    }

    [Fact]
    public void TheBytesAreTheDocumentedOnes() => Encoding.UTF8.GetString(MarkerFile.ToBytes(Some)).ShouldBe(
        """
        {
          "format": 1,
          "folder": "00000000000000000123456789abcdef",
          "participant": "alice"
        }

        """);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"format":1,"folder":"00","participant":"a"}""")]
    [InlineData("""{"format":1,"folder":"zz000000000000000123456789abcdef","participant":"a"}""")]
    [InlineData("""{"format":1,"folder":"00000000000000000123456789abcdef","participant":""}""")]
    [InlineData("""{"format":1,"folder":7,"participant":"a"}""")]
    [InlineData("""{"format":0,"folder":"00000000000000000123456789abcdef","participant":"a"}""")]
    [InlineData("""{"format":99999999999,"folder":"00000000000000000123456789abcdef","participant":"a"}""")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[")]
    public void DamageIsOneError(string text) =>
        Should.Throw<DamagedBytesException>(() => MarkerFile.Parse(Encoding.UTF8.GetBytes(text))).Reason.ShouldBe(DamageReason.Malformed);

    [Fact]
    public void ANewerFormatIsRefused() =>
        Should.Throw<DamagedBytesException>(() => MarkerFile.Parse("""{"format":2,"whatever":true}"""u8.ToArray())).Reason.ShouldBe(DamageReason.NewerFormat);

    [Fact]
    public void UnknownMembersAreIgnored() =>
        MarkerFile.Parse("""{"format":1,"folder":"00000000000000000123456789abcdef","participant":"alice","more":[]}"""u8.ToArray()).ShouldBe(Some);

    public void Dispose()
    {
        _disk.Dispose();
        _folder.Dispose();
    }
}
