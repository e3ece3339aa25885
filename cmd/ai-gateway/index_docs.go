package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/ai-gateway/ai-gateway/internal/docsearch/index"
)

func indexDocsCommand() *cobra.Command {
	c := docsIndexing{}
	command := &cobra.Command{
		Use:   "index-docs",
		Short: "Make the index that documentation is searched in",
		Long: `Make the index that documentation is searched in where models are self-hosted. A gateway finds it at tmp/docs.db below its working directory.

Without --source the documentation is downloaded from gitlab.com. A download that was interrupted goes on where it was. What is at the output
is replaced when the new index is complete, not before; a running gateway searches the new one at once.`,
		Example: `  ai-gateway index-docs -o tmp/docs.db -v v17.6.0-ee
  ai-gateway index-docs -o tmp/docs.db --source ~/gitlab             # a checkout, or its folder doc
  ai-gateway index-docs -o tmp/docs.db --source gitlab-master.zip    # or .tar.gz`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			c.out, c.bars = cmd.OutOrStdout(), terminal(cmd.ErrOrStderr())
			err := c.run(ctx)
			if err != nil && ctx.Err() != nil {
				return errors.New("interrupted; run the command again, a download goes on where it was")
			}
			return err
		},
	}
	flags := command.Flags()
	flags.StringVarP(&c.output, "output_path", "o", "docs.db", "file to write; its folder must exist")
	flags.StringVarP(&c.version, "version_tag", "v", "master", "tag or branch of GitLab whose documentation is downloaded")
	flags.StringVarP(&c.source, "source", "s", "", "read the documentation from this checkout, folder or archive; nothing is downloaded")
	flags.StringVar(&c.archive, "archive_url", "", "download the archive (.zip or .tar.gz) from this URL instead of gitlab.com")
	flags.StringVar(&c.webRoot, "web_root_url", "https://gitlab.com/help", "where users read the pages: the links in answers begin with it")
	command.MarkFlagsMutuallyExclusive("source", "archive_url")
	command.MarkFlagsMutuallyExclusive("source", "version_tag")
	return command
}

// docsIndexing is one run of index-docs.
type docsIndexing struct {
	output, version, source, archive, webRoot string

	out  io.Writer
	bars io.Writer // where progress is shown; [io.Discard] when nobody watches
}

func (c *docsIndexing) run(ctx context.Context) error {
	if info, err := os.Stat(filepath.Dir(c.output)); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s; create it first", filepath.Dir(c.output))
	}
	files, err := c.files(ctx)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		fmt.Fprintln(c.out, "There are no pages of documentation; the index will be empty")
	}
	bar := progressbar.NewOptions(len(files), c.options("Indexing", "pages")...)
	err = index.Build(ctx, files, index.Options{
		Output: c.output, WebRoot: c.webRoot, Progress: func(done, _ int) { _ = bar.Set(done) },
	})
	_ = bar.Exit()
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "Indexed %d pages\nDatabase created at %s\n", len(files), c.output)
	return nil
}

// files are the pages to index.
func (c *docsIndexing) files(ctx context.Context) ([]index.File, error) {
	if c.source == "" {
		return c.download(ctx)
	}
	info, err := os.Stat(c.source)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return index.ReadFolder(c.source)
	default:
		return index.ReadArchive(c.source)
	}
}

// download gets the archive, which is beside the output while it is needed.
func (c *docsIndexing) download(ctx context.Context) ([]index.File, error) {
	url := c.archive
	if url == "" {
		url = index.ArchiveURL(c.version)
	}
	fmt.Fprintln(c.out, url)
	archive := c.output + ".download"
	bar := progressbar.NewOptions64(-1, append(c.options("Downloading", ""), progressbar.OptionShowBytes(true))...)
	err := (&index.Download{
		URL: url, Path: archive, HTTP: http.DefaultClient,
		Tell: func(done, all int64) {
			if all > 0 && bar.GetMax64() != all {
				bar.ChangeMax64(all)
			}
			_ = bar.Set64(done)
		},
		Again: func(err error) { fmt.Fprintf(c.out, "Trying again: %v\n", err) },
	}).Run(ctx)
	_ = bar.Exit()
	if err != nil {
		return nil, err
	}
	files, err := index.ReadArchive(archive)
	return files, errors.Join(err, os.Remove(archive))
}

func (c *docsIndexing) options(what, unit string) []progressbar.Option {
	return []progressbar.Option{
		progressbar.OptionSetWriter(c.bars), progressbar.OptionSetDescription(what), progressbar.OptionSetItsString(unit),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionFullWidth(), progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100 * time.Millisecond),
	}
}

// terminal is w when a person sees what is written to it.
func terminal(w io.Writer) io.Writer {
	if file, ok := w.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return w
		}
	}
	return io.Discard
}
