namespace MagicFolder.Model.Ignoring;

/// <summary>What editors and systems leave behind, and nobody wants on another computer. <c>!PATTERN</c> in a file takes one back.</summary>
public static class IgnoreDefaults
{
    public static ReadOnlyMemory<byte> Text { get; } = """
        .DS_Store
        .AppleDouble
        .Spotlight-V100/
        .TemporaryItems/
        .Trashes/
        .fseventsd/
        [Tt]humbs.db
        ehthumbs.db
        [Dd]esktop.ini
        $RECYCLE.BIN/
        System Volume Information/
        .Trash-*/
        .fuse_hidden*
        .nfs[0-9a-f][0-9a-f][0-9a-f][0-9a-f]*
        .~lock.*#
        ~$*
        .#*
        .*.sw[a-p]
        .*.un~
        *~
        """u8.ToArray();
}
